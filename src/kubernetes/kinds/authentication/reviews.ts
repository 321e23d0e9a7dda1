import {badRequest} from '../../apiserver/errors.ts'
import {objectAt, stringAt, stringsAt} from '../../apiserver/json-value.ts'
import {timestamp} from '../../apiserver/timestamp.ts'
import {tokensOf} from '../core/service-account/tokens.ts'
import {reviewKind, userInfo} from '../review.ts'

const groupVersion = 'authentication.k8s.io/v1'

/** Who the server takes whoever asks for. */
export const selfSubjectReview = reviewKind(
  {groupVersion, kind: 'SelfSubjectReview', plural: 'selfsubjectreviews', scope: 'Cluster'},
  ({user, server}) => ({
    metadata: {creationTimestamp: timestamp(server.clock.now())},
    status: {userInfo: userInfo(user)},
  }),
)

/** Whose a token of a ServiceAccount is. */
export const tokenReview = reviewKind(
  {groupVersion, kind: 'TokenReview', plural: 'tokenreviews', scope: 'Cluster'},
  ({server}, asked) => {
    const spec = objectAt(asked, 'spec')
    const token = stringAt(spec, 'token')
    if (token === '') throw badRequest('token is required for TokenReview in authentication')
    const audiences = stringsAt(spec, 'audiences')
    const review = tokensOf(server).review(token, audiences.length > 0 ? audiences : undefined)
    const status =
      'user' in review
        ? {authenticated: true, user: userInfo(review.user), audiences: review.audiences}
        : {user: {}, error: review.error}
    return {...asked, status}
  },
)

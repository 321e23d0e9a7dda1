import type {UserInfo} from '../../api/admission.ts'
import {badRequest} from './errors.ts'
import {objectAt, stringAt, stringsAt, type JsonObject} from './json-value.ts'
import {readDocument} from './read-body.ts'
import type {ServedResource} from './registry/served-resource.ts'
import type {HandlerResult, RequestContext} from './request-context.ts'
import {timestamp} from './timestamp.ts'
import {validateAccessReview} from './validation/access-review.ts'
import {invalid} from './validation/field-error.ts'

type Review = (context: RequestContext) => HandlerResult

/** Questions about users that are asked by creating something that is never stored. */
const REVIEWS: Readonly<
  Record<string, (context: RequestContext, asked: JsonObject) => JsonObject>
> = {
  selfsubjectaccessreviews: allow,
  subjectaccessreviews: allow,
  localsubjectaccessreviews: allow,
  selfsubjectrulesreviews(_context, asked) {
    if (stringAt(objectAt(asked, 'spec'), 'namespace') === '') {
      throw badRequest('no namespace on request')
    }
    return {...asked, status: RULES}
  },
  selfsubjectreviews: ({user, server}) => ({
    metadata: {creationTimestamp: timestamp(server.clock.now())},
    status: {userInfo: userInfo(user)},
  }),
  tokenreviews({server}, asked) {
    const spec = objectAt(asked, 'spec')
    const token = stringAt(spec, 'token')
    if (token === '') throw badRequest('token is required for TokenReview in authentication')
    const audiences = stringsAt(spec, 'audiences')
    const review = server.tokens.review(token, audiences.length > 0 ? audiences : undefined)
    const status =
      'user' in review
        ? {authenticated: true, user: userInfo(review.user), audiences: review.audiences}
        : {user: {}, error: review.error}
    return {...asked, status}
  },
}

function userInfo({username, uid, groups, extra}: UserInfo): JsonObject {
  return {
    username,
    ...(uid !== undefined && {uid}),
    groups: [...groups],
    ...(extra !== undefined && {extra: {...extra}}),
  }
}

const NO_AUTHORIZATION =
  'this cluster has no authorization: whoever it knows may do everything, whatever Roles say'

/** Whoever has a token of this cluster may do everything. */
const ALLOWED = {allowed: true, reason: NO_AUTHORIZATION}

function allow({resource, info, user, warnings}: RequestContext, asked: JsonObject): JsonObject {
  const {group, kind} = resource.type
  const errors = validateAccessReview(asked, kind, info.namespace)
  if (errors.length > 0) throw invalid({group, kind, name: ''}, errors)
  // Who asks for themselves knows; who asks for somebody else expects an answer by Roles.
  const isOwner = kind === 'SelfSubjectAccessReview' && user.groups.includes('system:masters')
  if (!isOwner) warnings.push(NO_AUTHORIZATION)
  return {...asked, status: ALLOWED}
}

const RULES = {
  resourceRules: [{verbs: ['*'], apiGroups: ['*'], resources: ['*']}],
  nonResourceRules: [{verbs: ['*'], nonResourceURLs: ['*']}],
  incomplete: false,
}

/** The handler of a kind that is only asked; undefined for kinds that are stored. */
export function reviews({type}: ServedResource): Review | undefined {
  if (type.group !== 'authentication.k8s.io' && type.group !== 'authorization.k8s.io') {
    return undefined
  }
  const review = REVIEWS[type.plural]
  if (review === undefined) return undefined
  return (context) => {
    const {value} = readDocument(context.body, type.kind)
    const decoded = context.resource.schema.decode(value, () => undefined)
    const answer = review(context, {...decoded, metadata: objectAt(decoded, 'metadata')})
    return {
      kind: 'document',
      status: 201,
      value: {kind: type.kind, apiVersion: context.resource.apiVersion, ...withoutKind(answer)},
    }
  }
}

function withoutKind(object: JsonObject): JsonObject {
  const {kind: _kind, apiVersion: _apiVersion, ...rest} = object
  return rest
}

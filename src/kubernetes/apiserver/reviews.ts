import {badRequest} from './errors.ts'
import {objectAt, stringAt, type JsonObject} from './json-value.ts'
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
    status: {userInfo: {username: user.username, groups: [...user.groups]}},
  }),
  tokenreviews(_context, asked) {
    if (stringAt(objectAt(asked, 'spec'), 'token') === '') {
      throw badRequest('token is required for TokenReview in authentication')
    }
    return {...asked, status: {user: {}, error: 'invalid bearer token'}}
  },
}

/** Whoever has a token of this cluster may do everything. */
const ALLOWED = {allowed: true}

function allow({resource, info}: RequestContext, asked: JsonObject): JsonObject {
  const {group, kind} = resource.type
  const errors = validateAccessReview(asked, kind, info.namespace)
  if (errors.length > 0) throw invalid({group, kind, name: ''}, errors)
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

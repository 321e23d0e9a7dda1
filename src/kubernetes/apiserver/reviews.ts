import {objectAt, type JsonObject} from './json-value.ts'
import {readDocument} from './read-body.ts'
import type {ServedResource} from './registry/served-resource.ts'
import type {HandlerResult, RequestContext} from './request-context.ts'
import {timestamp} from './timestamp.ts'

type Review = (context: RequestContext) => HandlerResult

/** Questions about users that are asked by creating something that is never stored. */
const REVIEWS: Readonly<
  Record<string, (context: RequestContext, asked: JsonObject) => JsonObject>
> = {
  selfsubjectaccessreviews: (_context, asked) => ({...asked, status: ALLOWED}),
  subjectaccessreviews: (_context, asked) => ({...asked, status: ALLOWED}),
  localsubjectaccessreviews: (_context, asked) => ({...asked, status: ALLOWED}),
  selfsubjectrulesreviews: (_context, asked) => ({...asked, status: RULES}),
  selfsubjectreviews: ({user, server}) => ({
    metadata: {creationTimestamp: timestamp(server.clock.now())},
    status: {userInfo: {username: user.username, groups: [...user.groups]}},
  }),
  tokenreviews: (_context, asked) => ({...asked, status: {user: {}}}),
}

/** Whoever has a token of this cluster may do everything. */
const ALLOWED = {allowed: true}

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

import {objectAt, type JsonObject} from '../apiserver/json-value.ts'
import {readDocument} from '../apiserver/read-body.ts'
import {CREATE, type KindDeclaration} from '../apiserver/registry/kind.ts'
import type {RequestContext} from '../apiserver/request-context.ts'
import type {UserInfo} from '../../api/admission.ts'

/** What is asked in a document, answered in the same. */
export type Review = (context: RequestContext, asked: JsonObject) => JsonObject

/** A question about users that is asked by creating something that is never stored. */
export function reviewKind(
  names: Pick<KindDeclaration, 'groupVersion' | 'kind' | 'plural' | 'scope'>,
  review: Review,
): KindDeclaration {
  return {
    ...names,
    verbs: CREATE,
    answer(context) {
      const {resource, body} = context
      const {value} = readDocument(body, names.kind)
      const decoded = resource.schema.decode(value, () => undefined)
      const answer = review(context, {...decoded, metadata: objectAt(decoded, 'metadata')})
      return {
        kind: 'document',
        status: 201,
        value: {kind: names.kind, apiVersion: names.groupVersion, ...withoutKind(answer)},
      }
    },
  }
}

function withoutKind(object: JsonObject): JsonObject {
  const {kind: _kind, apiVersion: _apiVersion, ...rest} = object
  return rest
}

/** A user as reviews show it. */
export function userInfo({username, uid, groups, extra}: UserInfo): JsonObject {
  return {
    username,
    ...(uid !== undefined && {uid}),
    groups: [...groups],
    ...(extra !== undefined && {extra: {...extra}}),
  }
}

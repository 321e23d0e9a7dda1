import {badRequest} from '../../apiserver/errors.ts'
import {objectAt, stringAt, type JsonObject} from '../../apiserver/json-value.ts'
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'
import type {RequestContext} from '../../apiserver/request-context.ts'
import {invalid} from '../../apiserver/validation/field-error.ts'
import {reviewKind} from '../review.ts'
import {validateAccessReview} from './validation.ts'

const groupVersion = 'authorization.k8s.io/v1'

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

function review(kind: string, plural: string, scope?: 'Cluster'): KindDeclaration {
  return reviewKind({groupVersion, kind, plural, ...(scope !== undefined && {scope})}, allow)
}

export const localSubjectAccessReview = review(
  'LocalSubjectAccessReview',
  'localsubjectaccessreviews',
)

export const selfSubjectAccessReview = review(
  'SelfSubjectAccessReview',
  'selfsubjectaccessreviews',
  'Cluster',
)

export const subjectAccessReview = review('SubjectAccessReview', 'subjectaccessreviews', 'Cluster')

export const selfSubjectRulesReview = reviewKind(
  {
    groupVersion,
    kind: 'SelfSubjectRulesReview',
    plural: 'selfsubjectrulesreviews',
    scope: 'Cluster',
  },
  (_context, asked) => {
    if (stringAt(objectAt(asked, 'spec'), 'namespace') === '') {
      throw badRequest('no namespace on request')
    }
    return {...asked, status: RULES}
  },
)

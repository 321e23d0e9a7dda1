/** Conflicts of server-side apply: fields that somebody else set to another value. */
import type {KubeObject, UnknownObject} from '../../api/meta/object.ts'
import type {StatusError} from '../../api/meta/status-error.ts'

/** A field that somebody else set to another value. */
export interface FieldConflict {
  readonly manager: string
  /** `.spec.replicas`. */
  readonly field: string
}

/** What to do about the conflicts of one object. */
export type ConflictDecision =
  /** Apply without fields that others rightly set, taking over `takenOver`. */
  | {
      readonly action: 'apply'
      readonly object: KubeObject
      readonly force: boolean
      readonly kept: readonly FieldConflict[]
      readonly takenOver: readonly FieldConflict[]
    }
  | {readonly action: 'fail'; readonly conflicts: readonly FieldConflict[]}

const MANAGER = /^conflict with "([^"]+)"/

/** The conflicts that an answer names; empty if it is about something else. */
export function conflictsOf({status}: StatusError): FieldConflict[] {
  return (status.details?.causes ?? []).flatMap(({reason, message = '', field = ''}) => {
    if (reason !== 'FieldManagerConflict') return []
    return [{manager: MANAGER.exec(message)?.[1] ?? message, field}]
  })
}

/**
 * What to do about the conflicts of `object`.
 *
 * | field                            | set by                       | decision                      |
 * |----------------------------------|------------------------------|-------------------------------|
 * | any, if everything is forced     | anybody                      | taken over                    |
 * | any                              | kntool itself, by another way| taken over                    |
 * | any                              | `kubectl apply`              | taken over: it is their upgrade|
 * | rules of a webhook configuration | the webhook that fills it in | kept                          |
 * | replicas of a Deployment         | anybody: a person, an HPA    | kept                          |
 * | any other                        | anybody else                 | fail                          |
 */
export function decideConflicts(
  object: KubeObject,
  conflicts: readonly FieldConflict[],
  options: {readonly force: boolean},
): ConflictDecision {
  if (options.force) return {action: 'apply', object, force: true, kept: [], takenOver: conflicts}
  const kept = conflicts.filter(({field}) => isOthersBusiness(object, field))
  const rest = conflicts.filter((conflict) => !kept.includes(conflict))
  const takenOver = rest.filter(({manager}) => manager === 'kntool' || isKubectlApply(manager))
  if (takenOver.length < rest.length) {
    return {action: 'fail', conflicts: rest.filter((conflict) => !takenOver.includes(conflict))}
  }
  return {
    action: 'apply',
    object: kept.reduce((reduced, {field}) => withoutField(reduced, field), object),
    force: takenOver.length > 0,
    kept,
    takenOver,
  }
}

function isKubectlApply(manager: string): boolean {
  return manager === 'kubectl-client-side-apply' || manager === 'before-first-apply'
}

const WEBHOOK_FIELD = /^\.webhooks\[name="([^"]+)"\]\.(\w+)/
const FILLED_IN = new Set([
  'rules',
  'clientConfig',
  'namespaceSelector',
  'objectSelector',
  'matchPolicy',
])

function isOthersBusiness({kind}: KubeObject, field: string): boolean {
  if (kind === 'Deployment') return field === '.spec.replicas'
  if (!kind.endsWith('WebhookConfiguration')) return false
  return FILLED_IN.has(WEBHOOK_FIELD.exec(field)?.[2] ?? '')
}

function withoutField(object: KubeObject, field: string): KubeObject {
  const copy = structuredClone(object) as UnknownObject
  if (field === '.spec.replicas') {
    delete (copy['spec'] as {replicas?: number}).replicas
    return copy
  }
  const [, name, key = ''] = WEBHOOK_FIELD.exec(field) ?? []
  const webhooks = copy['webhooks'] as ({name: string} & Record<string, unknown>)[] | undefined
  const webhook = webhooks?.find((candidate) => candidate.name === name)
  if (webhook === undefined) return copy
  if (key === 'clientConfig') {
    // The service it calls is the release's; the certificate is the webhook's.
    delete (webhook['clientConfig'] as {caBundle?: string} | undefined)?.caBundle
  } else {
    delete webhook[key]
  }
  return copy
}

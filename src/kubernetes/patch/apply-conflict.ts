import type {StatusDetails} from '../../api/meta/object.ts'
import {failure, type StatusError} from '../../api/meta/status-error.ts'
import {quote} from '../../util/strconv.ts'
import {pathsOf, type FieldsV1} from './fields-v1.ts'
import type {Manager} from './managed-fields.ts'
import {printPath} from './path-element.ts'

/** Fields of another manager that a configuration would change. */
export interface ApplyConflict {
  readonly manager: Manager
  readonly fields: FieldsV1
}

/**
 * 409: the configuration would change fields of other managers.
 *
 * Lists managers in the order given, and paths in the order of upstream's sets.
 * Counterpart of k8s.io/apimachinery `managedfields.NewConflictError`.
 *
 * @example
 *   Apply failed with 2 conflicts: conflicts with "kubectl" using v1:
 *   - .spec.replicas
 *   - .spec.template.spec.containers[name="web"].image
 */
export function applyConflictError(conflicts: readonly ApplyConflict[]): StatusError {
  const causes: NonNullable<StatusDetails['causes']> = []
  const lines: string[] = []
  for (const {manager, fields} of conflicts) {
    const printed = printManager(manager)
    lines.push(`conflicts with ${printed}:`)
    for (const path of pathsOf(fields)) {
      const field = printPath(path)
      causes.push({reason: 'FieldManagerConflict', message: `conflict with ${printed}`, field})
      lines.push(`- ${field}`)
    }
  }
  const [only] = causes
  const text =
    only !== undefined && causes.length === 1
      ? `1 conflict: ${only.message}: ${only.field}`
      : `${causes.length} conflicts: ${lines.join('\n')}`
  return failure(409, 'Conflict', `Apply failed with ${text}`, {causes})
}

/** Without the time: it tells managers from one another as little as it does in a conflict. */
function printManager(manager: Manager): string {
  const subresource =
    manager.subresource === '' ? '' : ` with subresource ${quote(manager.subresource)}`
  const version = manager.operation === 'Update' ? ` using ${manager.apiVersion}` : ''
  return `${quote(manager.manager)}${subresource}${version}`
}

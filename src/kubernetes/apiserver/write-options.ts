import {
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from './validation/field-error.ts'
import type {Query, RequestContext} from './request-context.ts'

/** What accompanies a write. */
export interface WriteOptions {
  readonly dryRun: boolean
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  /** Who owns the fields that are written. */
  readonly fieldManager: string
  readonly force: boolean
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions'

const VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn']
const MAX_MANAGER_BYTES = 128

/**
 * Reads the options of a create, update or patch from the query; the manager falls back to the
 * first part of the user agent. Throws 422 as upstream validates them.
 */
export function readWriteOptions(
  context: Pick<RequestContext, 'query' | 'headers'>,
  kind: OptionsKind,
  isApply = false,
): WriteOptions {
  const {query} = context
  const errors = checkOptions(query, kind, isApply)
  if (errors.length > 0) throw invalid({group: 'meta.k8s.io', kind, name: ''}, errors)
  const validation = query.get('fieldValidation')
  return {
    dryRun: query.has('dryRun') && query.get('dryRun') !== '',
    fieldValidation: validation === 'Ignore' || validation === 'Strict' ? validation : 'Warn',
    fieldManager: query.get('fieldManager') || managerOfUserAgent(context.headers['user-agent']),
    force: query.get('force') === 'true',
  }
}

function checkOptions(query: Query, kind: OptionsKind, isApply: boolean): FieldError[] {
  const errors: FieldError[] = []
  const manager = query.get('fieldManager') ?? ''
  if (isApply && manager === '') {
    errors.push(required('fieldManager', 'is required for apply patch'))
  }
  if (kind === 'PatchOptions' && !isApply && query.has('force')) {
    errors.push(forbidden('force', 'may not be specified for non-apply patch'))
  }
  if (Buffer.byteLength(manager) > MAX_MANAGER_BYTES) {
    errors.push(tooLong('fieldManager', MAX_MANAGER_BYTES))
  }
  const dryRun = query.get('dryRun') ?? ''
  if (dryRun !== '' && dryRun !== 'All') errors.push(notSupported('dryRun', [dryRun], ['All']))
  const validation = query.get('fieldValidation') ?? ''
  if (!VALIDATIONS.includes(validation)) {
    errors.push(notSupported('fieldValidation', validation, VALIDATIONS))
  }
  return errors
}

/** `kubectl` of `kubectl/v1.32 (linux/amd64)`; `unknown` of nothing. */
function managerOfUserAgent(agent: string | undefined): string {
  const name = (agent ?? '').split('/')[0] ?? ''
  return name === '' ? 'unknown' : name.slice(0, MAX_MANAGER_BYTES)
}

/** The flag that says what a domain leads to. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../usage-error.ts'

/** `--ref`, which {@link requireReference} reads. */
export const referenceFlags = {
  ref: Flags.string({
    summary: 'Service (NAME or ksvc:NAME[:NAMESPACE]) or route (kroute:NAME[:NAMESPACE])',
    helpValue: 'REFERENCE',
  }),
}

/** The value of `--ref`. Throws `KN_USAGE` without one. */
export function requireReference(ref: string | undefined, command: string): string {
  if (ref) return ref
  throw usageError('required flag(s) "ref" not set', command)
}

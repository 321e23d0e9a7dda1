import {dns1035LabelProblems} from '../../api/name-rules.ts'
import {KntoolError} from '../../errors/kntool-error.ts'

/** Throws `KN_USAGE` for a name that no Service can have. */
export function checkServiceName(name: string): void {
  const [problem] = dns1035LabelProblems(name)
  if (problem === undefined) return
  throw new KntoolError('KN_USAGE', `invalid service name "${name}": metadata.name: ${problem}`, {
    details: {field: 'metadata.name'},
  })
}

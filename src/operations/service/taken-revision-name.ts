/** A changed template under the name of a revision that was made before the change. */
import {KntoolError} from '../../errors/kntool-error.ts'
import {refusedNameField} from './named-template.ts'

/** Which Service it is about, as far as that is known. */
export interface NamedService {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  /** `spec.template.metadata.name`, as it is wanted. */
  readonly revision?: string | undefined
  /** The change comes from a file, in which the name is. */
  readonly inFile?: boolean
}

/**
 * What to do about the server's refusal of a changed revision without a new name; any other error as it
 * is. For the `catch` of a write.
 */
export function explainTakenName(error: unknown, service: NamedService = {}): unknown {
  const field = refusedNameField(error)
  if (field === undefined) return error
  const {namespace, name, revision, inFile = false} = service
  const subject = name === undefined ? 'The service' : `Service '${name}'`
  const named = revision ? `"${revision}"` : 'by hand'
  const target = `${name ?? 'NAME'}${namespace === undefined ? '' : ` -n ${namespace}`}`
  const update = `kntool service update ${target}`
  return new KntoolError(
    'KN_USAGE',
    `${subject} names its revision ${named} (${field}), and a revision never changes: what is changed ` +
      'needs another name, or none.',
    {
      hint: inFile
        ? [
            `Change ${field} in the file, or take it out: then the server makes names.`,
            "Or name it on the command line: kntool service apply -f FILE --revision-name '{{.Service}}-{{.Generation}}'",
          ]
        : [
            `Under a new name: ${update} --revision-name '{{.Service}}-{{.Generation}}' …`,
            `Under names that the server makes, from now on: ${update} --revision-name "" …`,
          ],
      details: {field, ...(name && {service: name}), ...(revision && {revision})},
      cause: error,
    },
  )
}

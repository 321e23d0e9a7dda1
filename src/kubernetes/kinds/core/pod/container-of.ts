import {badRequest} from '../../../apiserver/errors.ts'
import {objectAt, objectsAt, stringAt, type JsonObject} from '../../../apiserver/json-value.ts'

/** The container the client names, or the only one there is. Throws 400 with the ones to choose. */
export function containerOf(pod: JsonObject, wanted: string): string {
  const spec = objectAt(pod, 'spec')
  const names = objectsAt(spec, 'containers').map((item) => stringAt(item, 'name'))
  const initNames = objectsAt(spec, 'initContainers').map((item) => stringAt(item, 'name'))
  const name = stringAt(objectAt(pod, 'metadata'), 'name')
  if (wanted !== '') {
    if ([...names, ...initNames].includes(wanted)) return wanted
    throw badRequest(`container ${wanted} is not valid for pod ${name}`)
  }
  const [only] = names
  if (names.length === 1 && initNames.length === 0 && only !== undefined) return only
  const init =
    initNames.length === 0 ? '' : ` or one of the init containers: [${initNames.join(' ')}]`
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]${init}`,
  )
}

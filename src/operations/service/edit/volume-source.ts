/** What a volume is made of, in kn's notation: `cm:NAME`, `ed:NAME:type=Memory,size=1Gi`. */
import {canonicalQuantity} from '../../../util/quantity.ts'
import {quote} from '../../../util/strconv.ts'
import {invalid} from './notation.ts'

/** The source of a volume, as its field of the pod's spec. */
export type VolumeSource =
  | {readonly configMap: {readonly name: string}}
  | {readonly secret: {readonly secretName: string}}
  | {readonly emptyDir: {readonly medium?: string; readonly sizeLimit?: string}}
  | {readonly persistentVolumeClaim: {readonly claimName: string}}

/** Reads the notation of `--volume`. Throws `KN_USAGE`. */
export function parseVolumeSource(text: string): VolumeSource {
  const [type = '', name = '', ...rest] = text.split(':').map((part) => part.trim())
  if (!text.includes(':')) {
    throw invalid(
      `argument requires a value that contains the : character; got ${quote(text)}, [${quote(text)}]`,
    )
  }
  const isEmptyDir = type === 'emptyDir' || type === 'ed'
  if (!isEmptyDir && rest.length > 0) {
    throw invalid(`incorrect mount details for type ${quote(type)}`)
  }
  if (name === '' && rest.length === 0) {
    throw invalid(`the name of ${type} cannot be an empty string`)
  }
  switch (type) {
    case 'config-map':
    case 'cm':
      return {configMap: {name}}
    case 'secret':
    case 'sc':
      return {secret: {secretName: name}}
    case 'emptyDir':
    case 'ed':
      return {emptyDir: rest.length === 0 ? {} : parseEmptyDir(rest.join(':'))}
    case 'persistentVolumeClaim':
    case 'pvc':
      return {persistentVolumeClaim: {claimName: name}}
    default:
      throw invalid(
        `unsupported volume source type ${quote(type)}; supported volume source types are ` +
          '"config-map", "secret", "emptyDir" and "persistentVolumeClaim"',
      )
  }
}

function parseEmptyDir(text: string): {medium?: string; sizeLimit?: string} {
  const settings = new Map<string, string>()
  for (const part of text.split(',')) {
    const [key = '', value] = part.split(/=(.*)/s)
    const name = key.toLowerCase()
    if (value === undefined || (name !== 'type' && name !== 'size')) {
      throw invalid('incorrect format to specify emptyDir type')
    }
    if (settings.has(name)) throw invalid(`cannot repeat the key ${quote(name)}`)
    settings.set(name, value)
  }
  const medium = settings.get('type')
  const size = settings.get('size')
  return {
    ...(medium !== undefined && {medium}),
    ...(size !== undefined && {sizeLimit: parseSize(size)}),
  }
}

function parseSize(text: string): string {
  try {
    return canonicalQuantity(text)
  } catch {
    throw invalid('incorrect format to specify emptyDir type')
  }
}

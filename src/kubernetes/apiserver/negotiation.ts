import {failure} from '../../api/meta/status-error.ts'

/** What a client wants an answer to look like. */
export interface Representation {
  readonly encoding: 'json' | 'yaml'
  /** A transformation of the object: a Table, or its metadata only. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
  /** `meta.k8s.io/v1` of the transformation. */
  readonly apiVersion?: string
}

interface MediaRange {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly quality: number
}

const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'

const PLAIN: Representation = {encoding: 'json'}

/**
 * Chooses the first acceptable range of an Accept header by quality, then by order. Throws 406.
 *
 * Protobuf is never acceptable to us: clients that prefer it name JSON as well and get that.
 */
export function negotiate(accept: string | undefined): Representation {
  if (accept === undefined || accept === '' || accept === '*/*') return PLAIN
  if (accept === 'application/json') return PLAIN
  const ranges = parseAccept(accept)
  let isTransformed = false
  for (const range of ranges) {
    const encoding = encodingOf(range.type)
    if (encoding === undefined) continue
    const as = range.parameters.get('as')
    if (as === undefined) return {encoding}
    isTransformed = true
    const version = range.parameters.get('v') ?? 'v1'
    const isKnown =
      (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') &&
      range.parameters.get('g') === 'meta.k8s.io' &&
      (version === 'v1' || version === 'v1beta1')
    if (isKnown) return {encoding, as, apiVersion: `meta.k8s.io/${version}`}
  }
  const isProtobuf = ranges.some(({type}) => type === 'application/vnd.kubernetes.protobuf')
  throw isTransformed || isProtobuf
    ? notAcceptable()
    : failure(
        406,
        'NotAcceptable',
        `406: Not Acceptable\n\nAvailable representations: ${ACCEPTED}`,
        {},
      )
}

function notAcceptable(): Error {
  return failure(406, 'NotAcceptable', `only the following media types are accepted: ${ACCEPTED}`)
}

function encodingOf(type: string): 'json' | 'yaml' | undefined {
  switch (type) {
    case 'application/json':
    case 'application/*':
    case '*/*':
      return 'json'
    case 'application/yaml':
      return 'yaml'
    default:
      return undefined
  }
}

/** The ranges of an Accept header, the wanted ones first. */
export function parseAccept(accept: string): MediaRange[] {
  const ranges = accept.split(',').map((part) => {
    const [type = '', ...rest] = part.split(';').map((piece) => piece.trim())
    const parameters = new Map<string, string>()
    for (const piece of rest) {
      const equals = piece.indexOf('=')
      if (equals > 0) parameters.set(piece.slice(0, equals).toLowerCase(), piece.slice(equals + 1))
    }
    const quality = Number(parameters.get('q') ?? 1)
    return {type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality}
  })
  return ranges.filter(({quality}) => quality > 0).toSorted((a, b) => b.quality - a.quality)
}

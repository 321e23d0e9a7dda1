import {createHash} from 'node:crypto'

const LONGEST = 63
const HASH_LENGTH = 32
const HEAD = LONGEST - HASH_LENGTH

/**
 * The name of an object that belongs to `parent`: the two joined, or, where that would be longer
 * than 63 characters, a shortened parent with the MD5 of the whole one.
 *
 * Counterpart of knative.dev/pkg `kmeta.ChildName`.
 */
export function childName(parent: string, suffix: string): string {
  if (parent.length + suffix.length <= LONGEST) return parent + suffix
  if (suffix.length < HEAD) {
    return parent.slice(0, HEAD - suffix.length) + md5(parent) + suffix
  }
  const hashed = parent.slice(0, HEAD) + md5(parent + suffix)
  const padded = hashed + suffix.slice(0, Math.max(0, LONGEST - hashed.length))
  return padded.replace(/[^a-zA-Z0-9]+$/, '')
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

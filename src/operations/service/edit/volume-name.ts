import {createHash} from 'node:crypto'

const MAX_LENGTH = 63

/**
 * The name of the volume made for a mount at `path`, the same each time, so that unmounting finds it.
 *
 * Counterpart of knative/client `util.GenerateVolumeName`.
 */
export function generateVolumeName(path: string): string {
  const readable = path
    .replace(/^\//, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
  const checksum = createHash('sha1').update(path).digest('hex').slice(0, 8)
  const name = `${readable}-${checksum}`
  const prefixed = /^[a-z0-9]/.test(name) ? name : `k-${name}`
  return prefixed.length > MAX_LENGTH ? `${prefixed.slice(0, MAX_LENGTH - 2)}-n` : prefixed
}

/** What an object costs besides its members, and each member besides its value: rough V8 figures. */
const OBJECT_BYTES = 40
const MEMBER_BYTES = 16

/**
 * Freezes a JSON value with everything in it and answers roughly how many bytes of memory it froze.
 *
 * What is frozen already is taken to be frozen throughout and is neither walked nor counted: an
 * object that shares most of itself with its predecessor costs only what is new in it.
 */
export function freezeDeep(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return 0
  Object.freeze(value)
  let bytes = OBJECT_BYTES
  if (Array.isArray(value)) {
    for (const item of value) bytes += MEMBER_BYTES + freezeDeep(item)
    return bytes
  }
  for (const key in value) {
    bytes += MEMBER_BYTES + freezeDeep((value as Record<string, unknown>)[key])
  }
  return bytes
}

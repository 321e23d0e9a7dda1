import type {StringPool} from './string-pool.ts'

/** What an object costs besides its members, and each member besides its value: rough V8 figures. */
const OBJECT_BYTES = 40
const MEMBER_BYTES = 16

/**
 * Freezes a JSON value with everything in it and answers roughly how many bytes of memory it froze.
 *
 * What is frozen already is taken to be frozen throughout and is neither walked nor counted: an
 * object that shares most of itself with its predecessor costs only what is new in it. Texts are
 * replaced by those of the pool, if there is one.
 */
export function freezeDeep(value: unknown, pool?: StringPool): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return 0
  let bytes = OBJECT_BYTES
  if (Array.isArray(value)) {
    for (const [index, item] of (value as unknown[]).entries()) {
      bytes += MEMBER_BYTES + freezeDeep(item, pool)
      if (typeof item === 'string' && pool !== undefined) value[index] = pool.take(item)
    }
  } else {
    const members = value as Record<string, unknown>
    for (const key in members) {
      const member = members[key]
      bytes += MEMBER_BYTES + freezeDeep(member, pool)
      if (typeof member === 'string' && pool !== undefined) members[key] = pool.take(member)
    }
  }
  Object.freeze(value)
  return bytes
}

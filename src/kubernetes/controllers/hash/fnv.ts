const encoder = new TextEncoder()

/** 32-bit FNV-1a of the UTF-8 bytes of `text`, as an unsigned number. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

const FNV128_PRIME = 0x0000000001000000000000000000013bn
const FNV128_OFFSET = 0x6c62272e07bb014262b821756295c58dn
const MASK_128 = (1n << 128n) - 1n

/** 128-bit FNV-1a of the UTF-8 bytes of `text`, as 32 hexadecimal digits: comparable as text. */
export function fnv1a128(text: string): string {
  let hash = FNV128_OFFSET
  for (const byte of encoder.encode(text)) hash = ((hash ^ BigInt(byte)) * FNV128_PRIME) & MASK_128
  return hash.toString(16).padStart(32, '0')
}

// No vowels and no characters that look alike, so that no bad word comes out.
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * Writes a number with letters and digits that make no words.
 *
 * Counterpart of k8s.io/apimachinery `rand.SafeEncodeString`.
 */
export function safeEncode(number: number): string {
  let encoded = ''
  for (const char of String(number)) encoded += SAFE[char.charCodeAt(0) % SAFE.length]
  return encoded
}

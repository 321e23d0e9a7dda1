import {createPublicKey, type KeyObject, sign, verify} from 'node:crypto'
import {isJsonObject, type JsonObject} from '../../../apiserver/json-value.ts'

const HEADER = encode({alg: 'ES256', typ: 'JWT'})
/** How JWS writes a signature: its two numbers, one after the other. */
const ENCODING = {dsaEncoding: 'ieee-p1363'} as const

/** A token that says `claims`, signed with a private key on the curve P-256. */
export function signToken(claims: JsonObject, key: KeyObject): string {
  const content = `${HEADER}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(content), {key, ...ENCODING})
  return `${content}.${signature.toString('base64url')}`
}

/** What a token says, if this key has signed it; undefined for every other text. */
export function verifyToken(token: string, key: KeyObject): JsonObject | undefined {
  const [header, payload = '', signature = '', ...rest] = token.split('.')
  // Only what we write ourselves: nobody chooses how we verify.
  if (header !== HEADER || rest.length > 0) return undefined
  const content = Buffer.from(`${header}.${payload}`)
  const bytes = Buffer.from(signature, 'base64url')
  // The same bytes can be spelt in several ways, of which one is ours.
  if (bytes.toString('base64url') !== signature) return undefined
  if (!verify('sha256', content, {key: createPublicKey(key), ...ENCODING}, bytes)) return undefined
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  return isJsonObject(claims) ? claims : undefined
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

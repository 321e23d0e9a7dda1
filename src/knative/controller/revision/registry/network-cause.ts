import {messageOf} from '../../../../util/message-of.ts'

/** Go's words for what Node calls by a code. */
const IN_GO: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'Temporary failure in name resolution',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  ETIMEDOUT: 'i/o timeout',
}

/** Why nobody answered: `fetch` says only that it failed and hides the reason in its cause. */
export function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code = (cause as {code?: unknown}).code
  const known = typeof code === 'string' ? IN_GO[code] : undefined
  if (known === undefined) return messageOf(cause)
  const {hostname, address, port} = cause as {hostname?: string; address?: string; port?: number}
  if (hostname !== undefined) return `dial tcp: lookup ${hostname}: ${known}`
  return address === undefined ? known : `dial tcp ${address}:${port ?? ''}: connect: ${known}`
}

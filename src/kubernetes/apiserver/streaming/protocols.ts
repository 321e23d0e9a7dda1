/** The protocols of remote commands and forwarded ports, and what each of them can. */

/** What a version of the remote command protocol can. */
export interface CommandProtocol {
  readonly name: string
  /** Outcomes travel as a Status; before, only failures as text. */
  readonly hasStatus: boolean
  /** Messages are base64 with a digit before them, for clients that cannot send bytes. */
  readonly isBase64: boolean
  /**
   * The server of the API ends the client's connection itself, so that refusals of the node come
   * after the handshake, as an outcome; and the client can close its end of stdin.
   */
  readonly isTranslated: boolean
}

const command = (
  name: string,
  {hasStatus = true, isBase64 = false, isTranslated = false} = {},
): CommandProtocol => ({name, hasStatus, isBase64, isTranslated})

/** Over a WebSocket; the last is for clients that name none. */
export const WEBSOCKET_COMMANDS: readonly CommandProtocol[] = [
  command('v5.channel.k8s.io', {isTranslated: true}),
  command('v4.channel.k8s.io'),
  command('v4.base64.channel.k8s.io', {isBase64: true}),
  command('channel.k8s.io', {hasStatus: false}),
  command('base64.channel.k8s.io', {hasStatus: false, isBase64: true}),
  command('', {hasStatus: false}),
]

/** Over SPDY/3.1. */
export const SPDY_COMMANDS: readonly CommandProtocol[] = [
  command('v4.channel.k8s.io'),
  command('v3.channel.k8s.io', {hasStatus: false}),
  command('v2.channel.k8s.io', {hasStatus: false}),
  command('channel.k8s.io', {hasStatus: false}),
]

/** Ports over SPDY. */
export const PORT_FORWARD = 'portforward.k8s.io'

/** The same SPDY, in the messages of a WebSocket. */
export const TUNNELLED_PORT_FORWARD = 'SPDY/3.1+portforward.k8s.io'

/** Ports as channels of a WebSocket, of which the query names the ports. */
export const WEBSOCKET_PORTS: readonly CommandProtocol[] = WEBSOCKET_COMMANDS.filter(
  ({isTranslated}) => !isTranslated,
)

/** The first protocol of the client's that is one of ours; undefined when none is. */
export function choose<P extends {readonly name: string}>(
  offered: readonly string[],
  ours: readonly P[],
): P | undefined {
  const wanted = offered.length === 0 ? [''] : offered
  for (const name of wanted) {
    const found = ours.find((protocol) => protocol.name === name)
    if (found !== undefined) return found
  }
  return undefined
}

/** The values of a header that is a list. */
export function listOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
}

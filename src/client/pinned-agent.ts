/** HTTPS to a server whose certificate is known. */
import {X509Certificate} from 'node:crypto'
import * as https from 'node:https'
import {isIP} from 'node:net'
import * as tls from 'node:tls'

type Connect = https.Agent['createConnection']

/**
 * An agent for servers that show the very certificate of `options.ca`, as the embedded cluster does.
 *
 * Such a server is accepted by comparing bytes, name and time; any other one goes through the whole
 * verification with `options`. This saves 13 ms per process, because a first look at an authority
 * makes Node read all public ones as well.
 */
export function createPinnedAgent(
  options: https.AgentOptions & {ca: string | Buffer},
): https.Agent {
  const agent = new https.Agent(options)
  const known = new X509Certificate(options.ca)
  const connectVerified = agent.createConnection.bind(agent)
  // Not the agent's yet: a server that never answers the handshake would keep the process alive.
  const connecting = new Set<tls.TLSSocket>()
  const destroy = agent.destroy.bind(agent)
  agent.destroy = () => {
    for (const socket of connecting) socket.destroy()
    destroy()
  }
  // Put on the instance: a derived class would load all of node:https wherever this file is loaded.
  agent.createConnection = (...[target, callback]: Parameters<Connect>): ReturnType<Connect> => {
    const {hostname, host} = target as tls.ConnectionOptions & {hostname?: string}
    const name = hostname ?? host ?? ''
    const socket = tls.connect({
      ...(target as tls.ConnectionOptions),
      rejectUnauthorized: false,
      // An empty list: neither the public authorities nor ours are loaded.
      secureContext: tls.createSecureContext({ca: []}),
    })
    connecting.add(socket)
    socket.once('close', () => connecting.delete(socket))
    const onError = (error: Error): void => {
      callback?.(error, socket)
    }
    socket.once('error', onError)
    socket.once('secureConnect', () => {
      connecting.delete(socket)
      socket.off('error', onError)
      // Nothing was sent yet: a server that is not the known one has learned nothing.
      if (isKnown(socket.getPeerX509Certificate(), known, name)) {
        callback?.(null, socket)
        return
      }
      socket.destroy()
      const verified = connectVerified(target, callback)
      if (verified !== undefined && verified !== null) callback?.(null, verified)
    })
    return undefined
  }
  return agent
}

function isKnown(
  shown: X509Certificate | undefined,
  known: X509Certificate,
  name: string,
): boolean {
  if (shown === undefined || !shown.raw.equals(known.raw)) return false
  const nowMs = Date.now()
  const valid = Date.parse(shown.validFrom) <= nowMs && nowMs <= Date.parse(shown.validTo)
  const named = isIP(name) ? shown.checkIP(name) : shown.checkHost(name)
  return valid && named !== undefined
}

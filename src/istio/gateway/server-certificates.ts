import {createSecureContext, type SecureContext, type SecureVersion} from 'node:tls'
import type {Secret} from '../../api/core/v1.ts'
import {messageOf} from '../../util/message-of.ts'
import type {ServerTls} from './listener.ts'

interface KeyPair {
  readonly cert: Buffer
  readonly key: Buffer
  /** Made on first use, by the oldest protocol version that is allowed. */
  readonly contexts: Map<SecureVersion, SecureContext>
}

/** Names of Istio's API. Node knows no lower default than 1.2 and neither do browsers. */
const PROTOCOL_VERSIONS: Readonly<Record<string, SecureVersion>> = {TLSV1_3: 'TLSv1.3'}

/**
 * The certificates a gateway serves with: Secrets of its namespace, by name.
 *
 * A Secret that holds no usable pair leaves the one before in force, as Envoy does with what it
 * cannot load.
 */
export class ServerCertificates {
  readonly #pairs = new Map<string, KeyPair>()

  /** Adds or replaces a certificate. Throws when certificate and key do not fit. */
  set({metadata, data}: Secret): void {
    const cert = data?.['tls.crt'] ?? data?.['cert']
    const key = data?.['tls.key'] ?? data?.['key']
    if (cert === undefined || key === undefined) return this.remove(metadata.name)
    const pair = {cert: Buffer.from(cert, 'base64'), key: Buffer.from(key, 'base64')}
    try {
      const context = createSecureContext({...pair, minVersion: 'TLSv1.2'})
      this.#pairs.set(metadata.name, {...pair, contexts: new Map([['TLSv1.2', context]])})
    } catch (error) {
      throw new Error(`certificate ${metadata.name} cannot be used: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }

  /** Removes the certificate of a Secret. */
  remove(name: string): void {
    this.#pairs.delete(name)
  }

  /** What a server presents. Undefined while its certificate is not there, or it wants no SIMPLE. */
  contextOf({
    mode,
    credentialName = '',
    minProtocolVersion = '',
  }: ServerTls): SecureContext | undefined {
    const pair = this.#pairs.get(credentialName)
    if (pair === undefined || mode !== 'SIMPLE') return undefined
    const minVersion = PROTOCOL_VERSIONS[minProtocolVersion] ?? 'TLSv1.2'
    let context = pair.contexts.get(minVersion)
    if (context === undefined) {
      context = createSecureContext({cert: pair.cert, key: pair.key, minVersion})
      pair.contexts.set(minVersion, context)
    }
    return context
  }
}

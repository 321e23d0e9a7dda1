import {X509Certificate} from 'node:crypto'
import type {generate as Generate} from 'selfsigned'
import {SYSTEM_NAMESPACE} from '../../../api/config/system-namespace.ts'
import {type Secret, SECRETS} from '../../../api/core/v1.ts'
import {KNTOOL_AUTHORITY_SECRET} from '../../../api/networking/names.ts'
import type {Client} from '../../../client/client.ts'
import type {Clock} from '../../../util/clock.ts'
import {createChild} from '../children.ts'
import {TLS_SECRET_TYPE} from '../../../api/meta/well-known.ts'

const AUTHORITY = {namespace: SYSTEM_NAMESPACE, name: KNTOOL_AUTHORITY_SECRET} as const

const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 3650
const CERTIFICATE_DAYS = 90
/** As long before their end certificates are renewed, as cert-manager does. */
const RENEWAL_DAYS = 30
/** The longest common name (RFC 5280, `ub-common-name`). */
const LONGEST_COMMON_NAME = 64

/** A certificate with its key, in PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** Issues certificates that are good for one cluster, and for clients that trust its authority. */
export class CertificateAuthority {
  readonly #client: Client
  readonly #clock: Clock

  constructor(options: {client: Client; clock: Clock}) {
    this.#client = options.client
    this.#clock = options.clock
  }

  /** The authority's own pair; made and kept on the first call. */
  async own(): Promise<KeyPair> {
    const known = await this.#client.find(SECRETS, AUTHORITY)
    if (known !== undefined) return readPair(known)
    const pair = await generate('kntool certificate authority', {
      notBeforeDate: new Date(this.#clock.now()),
      notAfterDate: new Date(this.#clock.now() + AUTHORITY_DAYS * DAY_MS),
      extensions: [
        {name: 'basicConstraints', cA: true, critical: true},
        {name: 'keyUsage', keyCertSign: true, critical: true},
      ],
    })
    const {object} = await createChild(this.#client, SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: AUTHORITY,
      type: TLS_SECRET_TYPE,
      data: pairData(pair),
    })
    return readPair(object)
  }

  /** A new certificate for hosts, followed by that of the authority. */
  async issue(hosts: readonly string[], authority: KeyPair): Promise<KeyPair> {
    const [host = ''] = hosts
    const {cert, key} = await generate(host.length > LONGEST_COMMON_NAME ? 'kntool' : host, {
      notBeforeDate: new Date(this.#clock.now()),
      notAfterDate: new Date(this.#clock.now() + CERTIFICATE_DAYS * DAY_MS),
      ca: {key: authority.key, cert: authority.cert},
      extensions: [
        {name: 'basicConstraints', cA: false},
        {name: 'keyUsage', digitalSignature: true, critical: true},
        {name: 'extKeyUsage', serverAuth: true},
        {name: 'subjectAltName', altNames: hosts.map((value) => ({type: 2, value}))},
      ],
    })
    return {cert: `${cert.trimEnd()}\n${authority.cert}`, key}
  }

  /** Until when a certificate serves; undefined where it has to be replaced now. */
  endOf(cert: string, hosts: readonly string[], authority: KeyPair): Date | undefined {
    try {
      const certificate = new X509Certificate(cert)
      const names = new Set((certificate.subjectAltName ?? '').split(', '))
      const covers = names.size === hosts.length && hosts.every((host) => names.has(`DNS:${host}`))
      const {publicKey} = new X509Certificate(authority.cert)
      const end = new Date(certificate.validTo)
      const due = end.getTime() - RENEWAL_DAYS * DAY_MS <= this.#clock.now()
      return covers && !due && certificate.verify(publicKey) ? end : undefined
    } catch {
      // What is no certificate serves nobody.
      return undefined
    }
  }
}

/** The `data` of a Secret of the type `kubernetes.io/tls`. */
export function pairData({cert, key}: KeyPair): Record<string, string> {
  const encode = (text: string): string => Buffer.from(text).toString('base64')
  return {'tls.crt': encode(cert), 'tls.key': encode(key)}
}

/** The counterpart of {@link pairData}; empty texts where something is missing. */
export function readPair({data}: Secret): KeyPair {
  const decode = (name: string): string => Buffer.from(data?.[name] ?? '', 'base64').toString()
  return {cert: decode('tls.crt'), key: decode('tls.key')}
}

type GenerateOptions = NonNullable<Parameters<typeof Generate>[1]>

async function generate(commonName: string, options: GenerateOptions): Promise<KeyPair> {
  // Imported on use: most clusters never issue anything.
  const {generate: generatePair} = await import('selfsigned')
  const pem = await generatePair([{name: 'commonName', value: commonName}], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    ...options,
  })
  return {cert: pem.cert, key: pem.private}
}

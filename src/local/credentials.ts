import {createPrivateKey, randomBytes, X509Certificate} from 'node:crypto'
import {readFileSync} from 'node:fs'

import {KntoolError} from '../errors/kntool-error.ts'
import {type DataDir, unusableFile, writePrivateFile} from './data-dir.ts'

/** What the API server of one embedded cluster is known by, and what opens it. */
export interface Credentials {
  /** Bearer token of the administrator. */
  readonly token: string
  /** PEM. */
  readonly key: string
  /** PEM; self-signed for 127.0.0.1 and localhost, so it is its own authority. */
  readonly certificate: string
}

const VALID_DAYS = 3650
/** By which names the API server is asked, besides its address. */
export const API_HOST_NAMES: readonly string[] = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]

/** New credentials: a random token and a key of its own. */
export async function createCredentials(): Promise<Credentials> {
  // Imported on use: only the first start of a cluster needs X.509.
  const {generate} = await import('selfsigned')
  const notAfterDate = new Date()
  notAfterDate.setDate(notAfterDate.getDate() + VALID_DAYS)
  const pems = await generate([{name: 'commonName', value: 'kntool embedded cluster'}], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      {name: 'basicConstraints', cA: true, critical: true},
      {name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true},
      {name: 'extKeyUsage', serverAuth: true},
      {
        name: 'subjectAltName',
        altNames: [
          ...API_HOST_NAMES.map((value) => ({type: 2 as const, value})),
          {type: 7, ip: '127.0.0.1'},
        ],
      },
    ],
  })
  return {
    token: randomBytes(32).toString('hex'),
    key: pems.private,
    certificate: pems.cert,
  }
}

/**
 * The credentials kept in a data directory; made and kept on the first call. Throws
 * `KN_DATA_CORRUPT` for a file that holds none: new ones would shut out every copied kubeconfig.
 */
export async function loadCredentials(dir: DataDir): Promise<Credentials> {
  let text: string
  try {
    text = readFileSync(dir.credentials, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw unusableFile(dir.credentials, cause)
    }
    const credentials = await createCredentials()
    writePrivateFile(dir.credentials, JSON.stringify(credentials))
    return credentials
  }
  const credentials = parseCredentials(text)
  if (credentials !== undefined) return credentials
  throw new KntoolError('KN_DATA_CORRUPT', `${dir.credentials} holds no credentials any more.`, {
    hint: `Make new ones, which no copied kubeconfig knows: rm ${dir.credentials}, then kntool local up`,
    details: {file: dir.credentials},
  })
}

/** Credentials that work, or undefined. What is wrong is not said: it may quote a secret. */
function parseCredentials(text: string): Credentials | undefined {
  try {
    const {token, key, certificate} = JSON.parse(text) as Record<keyof Credentials, unknown>
    if (typeof token !== 'string' || typeof key !== 'string') return undefined
    if (typeof certificate !== 'string' || !/^[\w.-]{16,}$/.test(token)) return undefined
    const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
    return isPair ? {token, key, certificate} : undefined
  } catch {
    return undefined
  }
}

/** A kubeconfig that reaches `apiUrl` with these credentials. */
export function makeKubeconfig(name: string, apiUrl: string, credentials: Credentials): string {
  const id = `kntool-${name}`
  // JSON is YAML; written by hand it stays in the order people expect.
  return `apiVersion: v1
kind: Config
current-context: ${id}
clusters:
- name: ${id}
  cluster:
    server: ${apiUrl}
    certificate-authority-data: ${Buffer.from(credentials.certificate).toString('base64')}
contexts:
- name: ${id}
  context:
    cluster: ${id}
    user: ${id}
    namespace: default
users:
- name: ${id}
  user:
    token: ${credentials.token}
`
}

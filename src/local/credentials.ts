import {randomBytes} from 'node:crypto'
import {readFileSync} from 'node:fs'

import {type DataDir, writePrivateFile} from './data-dir.ts'

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

/** The credentials kept in a data directory; made and kept on the first call. */
export async function loadCredentials(dir: DataDir): Promise<Credentials> {
  try {
    return JSON.parse(readFileSync(dir.credentials, 'utf8')) as Credentials
  } catch {
    const credentials = await createCredentials()
    writePrivateFile(dir.credentials, JSON.stringify(credentials))
    return credentials
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

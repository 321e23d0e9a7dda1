/** The versions of the program and of a cluster. */
import type {ServerVersion} from '../operations/server-version.ts'

/** What the program says about itself. */
export interface ClientVersion {
  readonly version: string
  /** Empty where it was not built from a release. */
  readonly buildDate: string
  readonly gitRevision: string
  /** The groups of Serving it speaks, each with the release it is made for. */
  readonly apis: readonly string[]
  readonly node: string
}

/**
 * Both versions in kn's layout; the server's follow those of the client, which is all that kn has.
 *
 * @example
 *   Version:      0.1.0
 *   Build Date:   2024-05-01
 *   Git Revision: 5ea96ba1
 *   Supported APIs:
 *   * Serving
 *     - serving.knative.dev/v1 (knative-serving v1.13.1)
 *   Server:
 *   * Kubernetes v1.30.0
 *   * Knative Serving v1.13.1
 */
export function renderVersion(client: ClientVersion, server: ServerVersion | undefined): string {
  const lines = [
    `Version:      ${client.version}`,
    `Build Date:   ${client.buildDate}`,
    `Git Revision: ${client.gitRevision}`,
    'Supported APIs:',
    '* Serving',
    ...client.apis.map((api) => `  - ${api}`),
  ]
  if (server !== undefined) {
    lines.push(
      'Server:',
      `* Kubernetes ${server.kubernetes}`,
      `* Knative Serving ${server.serving ?? '(not found)'}`,
    )
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** Both versions as a document, with kn's names for what kn has. */
export function versionDocument(client: ClientVersion, server: ServerVersion | undefined): object {
  return {
    Version: client.version,
    BuildDate: client.buildDate,
    GitRevision: client.gitRevision,
    SupportedAPIs: {serving: client.apis},
    Node: client.node,
    ...(server !== undefined && {
      Server: {
        Kubernetes: server.kubernetes,
        ...(server.serving !== undefined && {Serving: server.serving}),
      },
    }),
  }
}

import {Client} from '../../client/client.ts'
import {kubeconfigPaths, loadKubeconfig} from '../../client/kubeconfig.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {SystemClock} from '../../util/clock.ts'
import type {Connection} from '../connection.ts'
import {FileTransport} from './file-transport.ts'
import {type PrintService, ServiceFiles} from './service-files.ts'

/** Where the files are, and who asks. */
export interface FileConnectionOptions {
  /** A file or a folder; see {@link ServiceFiles}. */
  readonly target: string
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly print: PrintService
}

/**
 * Connects to Services in files. No cluster is asked; only the namespace of the kubeconfig's context
 * counts, if there is one.
 */
export async function connectToFiles(options: FileConnectionOptions): Promise<Connection> {
  const {target, print} = options
  return {
    client: new Client(new FileTransport(new ServiceFiles(target, print))),
    kind: 'files',
    namespace: await contextNamespace(options),
    description: `the files in ${target}`,
    clock: new SystemClock(),
    async gateway() {
      throw new KntoolError('KN_NOT_FOUND', 'Services in files are served by no gateway.')
    },
    async close() {},
  }
}

async function contextNamespace(options: FileConnectionOptions): Promise<string> {
  const {kubeconfig, context, env} = options
  const config = await loadKubeconfig(
    kubeconfig === undefined ? kubeconfigPaths(env) : [kubeconfig],
  )
  const name = context ?? config.currentContext ?? ''
  return config.contexts.get(name)?.namespace || 'default'
}

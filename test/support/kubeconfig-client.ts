import {Client} from '../../src/client/client.ts'
import {resolveSecurity} from '../../src/client/credentials.ts'
import {HttpTransport} from '../../src/client/http-transport.ts'
import {loadKubeconfig, selectTarget} from '../../src/client/kubeconfig.ts'

/** A client for the cluster that a kubeconfig file names. */
export async function kubeconfigClient(kubeconfig: string): Promise<Client> {
  const target = selectTarget(await loadKubeconfig([kubeconfig]), {})
  const security = await resolveSecurity(target, undefined)
  return new Client(new HttpTransport({server: target.cluster.server, security}))
}

/**
 * An API server with nothing in it, in a process of its own, as the clients of a bench see a cluster.
 * Prints its kubeconfig and runs until its standard input ends.
 */
import {createKubernetesControllers} from '../../src/kubernetes/controllers/create-controllers.ts'
import {ensureSystemNamespaces} from '../../src/kubernetes/controllers/namespace/defaults.ts'
import {createApiServer} from '../../src/kubernetes/apiserver/api-server.ts'
import {builtinKinds} from '../../src/kubernetes/kinds/index.ts'
import {VERSION} from '../../src/kubernetes/apiserver/discovery/version.ts'
import {MemoryStorage} from '../../src/kubernetes/storage/memory-storage.ts'
import {Client} from '../../src/client/client.ts'
import {InformerFactory} from '../../src/controller/informer.ts'
import {createCredentials, makeKubeconfig} from '../../src/local/credentials.ts'
import {SystemClock} from '../../src/util/clock.ts'

// An embedded cluster would be recognised by its version, and spared most of the work.
Object.assign(VERSION, {gitVersion: 'v1.29.4-eks-036c24b', minor: '29'})

const admin = {username: 'admin', groups: ['system:masters']}
const clock = new SystemClock()
const credentials = await createCredentials()
const server = createApiServer({
  kinds: builtinKinds,
  storage: new MemoryStorage(),
  clock,
  authenticate: (token) => (token === credentials.token ? admin : undefined),
})
const client = new Client(server.transport(admin))
await ensureSystemNamespaces(client)
const informers = new InformerFactory(client, clock)
const controllers = createKubernetesControllers({
  client,
  informers,
  clock,
  types: () => server.servedTypes(),
  rootCertificate: 'PEM',
  loadBalancerAddress: () => undefined,
  onError: () => undefined,
})
const stopping = new AbortController()
await informers.start(stopping.signal)
for (const name of ['namespace', 'garbage-collector']) {
  void [...controllers].find(([known]) => known === name)?.[1].run(stopping.signal)
}
const {port} = await server.listen({
  host: '127.0.0.1',
  port: 0,
  tls: {key: credentials.key, cert: credentials.certificate},
})
process.stdout.write(`${makeKubeconfig('bench', `https://127.0.0.1:${port}`, credentials)}---\n`)
process.stdin.on('end', () => process.exit(0)).resume()

import {messageOf} from '../util/message-of.ts'
import {createPrivateKey, type KeyObject, timingSafeEqual} from 'node:crypto'
import type {UserInfo} from '../api/admission.ts'
import {ConfigStore} from '../api/config/config-store.ts'
import {Client} from '../client/client.ts'
import {InformerFactory} from '../controller/informer.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {fetchFrom} from '../http/in-process.ts'
import {type ApiServer, createApiServer} from '../kubernetes/apiserver/api-server.ts'
import {builtinKinds} from '../kubernetes/kinds/index.ts'
import type {HttpsFront} from '../kubernetes/apiserver/http/https-front.ts'
import {MemoryStorage} from '../kubernetes/storage/memory-storage.ts'
import {openSqliteStorage} from '../kubernetes/storage/sqlite-storage.ts'
import type {Storage} from '../kubernetes/storage/storage.ts'
import {istioAdmission} from '../istio/gateway/admission.ts'
import {createKnativeAdmission} from '../knative/webhook/admission.ts'
import {type Clock, SystemClock} from '../util/clock.ts'
import {bootstrapCluster} from './bootstrap.ts'
import {
  CLUSTER_OWNER,
  type ClusterOptions,
  type EmbeddedCluster,
  type ListenOptions,
} from './cluster.ts'
import {createComponentClients} from './component-clients.ts'
import {ComponentLogs} from './components/resident-image.ts'
import {
  type Credentials,
  API_HOST_NAMES,
  createCredentials,
  loadCredentials,
  makeKubeconfig,
} from './credentials.ts'
import {dataDirAt} from './data-dir.ts'
import {GatewayFront} from './gateway-front.ts'
import {dryRunOn} from './pod-spec-dry-run.ts'
import {startWorkloads, type Workloads} from './workloads.ts'

const LOOPBACK = '127.0.0.1'
/** What requests under way get when the cluster stops: a node's `shutdownGracePeriod`. */
const STOP_GRACE_MS = 10_000

/**
 * Starts an embedded cluster: API server, controllers, data plane, node. Resolves when it is ready.
 *
 * When it cannot start, everything that was started is stopped again before the error is thrown.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
  const started = new RunningCluster(options)
  try {
    await started.start()
  } catch (error) {
    await started.stop()
    throw error
  }
  return started
}

class RunningCluster implements EmbeddedCluster {
  readonly transport
  readonly client: Client
  apiUrl: string | undefined
  gatewayUrl: string | undefined
  gatewayHttpsUrl: string | undefined
  kubeconfig: string | undefined
  readonly #options: ClusterOptions
  readonly #clock: Clock
  readonly #storage: Storage
  readonly #configs = new ConfigStore()
  readonly #logs: ComponentLogs
  readonly #apiServer: ApiServer
  readonly #front: GatewayFront
  #credentials: Credentials | undefined
  #key: KeyObject | undefined
  #https: HttpsFront | undefined
  #workloads: Workloads | undefined

  constructor(options: ClusterOptions) {
    this.#options = options
    this.#clock = options.clock ?? new SystemClock()
    this.#storage =
      options.dataDir === undefined
        ? new MemoryStorage()
        : openSqliteStorage({file: dataDirAt(options.dataDir).database})
    this.#logs = new ComponentLogs(options.onLog)
    this.#apiServer = createApiServer({
      kinds: builtinKinds,
      storage: this.#storage,
      clock: this.#clock,
      admission: [
        ...createKnativeAdmission({
          configs: () => this.#configs.snapshot(),
          // The server asks itself: there is no client before there is a server.
          dryRunPodSpec: dryRunOn(() => this.client, this.#configs),
        }),
        istioAdmission,
      ],
      authenticate: (token) => this.#authenticate(token),
      tokenKey: () => this.#tokenKey(),
    })
    this.transport = this.#apiServer.transport(CLUSTER_OWNER)
    this.client = new Client(this.transport)
    this.#front = new GatewayFront(this.#clock, (error) => this.#logError('gateway', '', error))
  }

  async start(): Promise<void> {
    const {listen, mode = 'full'} = this.#options
    if (listen !== undefined) await this.#openPorts(listen)
    // Read-only commands need no controllers, but the kinds must be there also before the first start.
    const isNew = this.#storage.currentRevision === 0
    if (mode === 'full' || isNew) await bootstrapCluster(this.client, this.#options.domain)
    // How a cluster came to be is nothing to watch, as on one that has run for a while.
    if (isNew) this.#storage.compact(this.#storage.currentRevision)
    if (mode === 'api') return
    const clients = createComponentClients(this.#apiServer)
    this.#workloads = await startWorkloads({
      options: this.#options,
      clock: this.#clock,
      clients,
      informers: new InformerFactory(clients.controller, this.#clock),
      storage: this.#storage,
      configs: this.#configs,
      apiServer: this.#apiServer,
      front: this.#front,
      logs: this.#logs,
      apiPort: () => this.#https?.port,
      rootCertificate: this.#credentials?.certificate ?? '',
      onError: (component, key, error) => this.#logError(component, key, error),
    })
  }

  transportFor(user: UserInfo): EmbeddedCluster['transport'] {
    return this.#apiServer.transport(user)
  }

  fetch(url: string, init?: RequestInit): Promise<Response> {
    const {handler, httpsHandler} = this.#front
    return fetchFrom(url.startsWith('https:') ? httpsHandler : handler, new Request(url, init))
  }

  async settled(timeoutMs = 30_000): Promise<void> {
    await this.#workloads?.settled(timeoutMs)
  }

  async stop(): Promise<void> {
    await this.#front.close(STOP_GRACE_MS)
    await this.#workloads?.stop()
    await this.#https?.close()
    this.#storage.close()
  }

  async #openPorts({apiPort = 0, gatewayPort = 0, gatewayHttps}: ListenOptions): Promise<void> {
    const {credentialsDir, name = 'default'} = this.#options
    this.#credentials = await (credentialsDir === undefined
      ? createCredentials()
      : loadCredentials(credentialsDir))
    const {key, certificate: cert} = this.#credentials
    this.#https = await this.#apiServer.listen({
      host: LOOPBACK,
      port: apiPort,
      tls: {key, cert},
      hostNames: API_HOST_NAMES,
    })
    await this.#front.listen(gatewayPort)
    if (gatewayHttps !== undefined) await this.#openHttps(gatewayHttps)
    this.apiUrl = `https://${LOOPBACK}:${this.#https.port}`
    this.gatewayUrl = `http://${LOOPBACK}:${this.#front.port}`
    this.kubeconfig = makeKubeconfig(name, this.apiUrl, this.#credentials)
  }

  async #openHttps({port, optional}: NonNullable<ListenOptions['gatewayHttps']>): Promise<void> {
    try {
      await this.#front.listenHttps(port)
      this.gatewayHttpsUrl = `https://${LOOPBACK}:${this.#front.httpsPort}`
    } catch (error) {
      if (!optional || !(error instanceof KntoolError) || error.code !== 'KN_PORT_IN_USE')
        throw error
      this.#logError('gateway', '', new Error(`no HTTPS: ${error.message}`))
    }
  }

  /** The key of the API's certificate, so that tokens outlive a restart as kubeconfigs do. */
  #tokenKey(): KeyObject | undefined {
    if (this.#credentials === undefined) return undefined
    this.#key ??= createPrivateKey(this.#credentials.key)
    return this.#key
  }

  #authenticate(token: string): UserInfo | undefined {
    const wanted = Buffer.from(this.#credentials?.token ?? '')
    const given = Buffer.from(token)
    const same = wanted.length === given.length && timingSafeEqual(wanted, given)
    return same && wanted.length > 0 ? CLUSTER_OWNER : undefined
  }

  #logError(component: string, key: string, error: unknown): void {
    const text = messageOf(error)
    const entry = {
      severity: 'ERROR',
      timestamp: new Date(this.#clock.now()).toISOString(),
      logger: component,
      message: text,
      ...(key !== '' && {'knative.dev/key': key}),
    }
    this.#logs.write('controller', JSON.stringify(entry))
  }
}

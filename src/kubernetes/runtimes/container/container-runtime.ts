import type Docker from 'dockerode'
import {type Clock, SystemClock} from '../../../util/clock.ts'
import {processStartTime} from '../../../util/process-identity.ts'
import {parseImageName} from '../image-name.ts'
import {
  type ContainerRuntime as Runtime,
  ContainerStartError,
  ImagePullError,
  type PulledImage,
  type PullPolicy,
  type Resolution,
  type RunningContainer,
  type StartRequest,
} from '../runtime.ts'
import {SandboxPorts} from '../sandbox-ports.ts'
import {makeContainerConfig, type NetworkMode, OWNER_LABEL} from './container-config.ts'
import {
  type EngineAddress,
  engineCandidates,
  type EngineEnvironment,
  findEngine,
  formatAddress,
} from './engine-address.ts'
import {findBridge} from './engine-bridge.ts'
import {attachOutput, type EngineContainer, followContainer} from './engine-container.ts'
import {ensureEngineImage} from './engine-images.ts'
import {connectEngine, type Engine, engineMessage} from './engine.ts'

/** Leftovers are looked for when the cluster has come up: nobody waits for it. */
const CLEAN_UP_DELAY_MS = 2000
/** Failures of a start that another network may mend. */
const NETWORK_FAILURE =
  /network|netavark|\bcni\b|iptables|nftables|pasta|slirp|address already in use/i

/**
 * Runs images as containers of a Docker or Podman engine, through its Docker API.
 *
 * Nothing is asked of the engine, and its client is not even loaded, before the first image that no
 * other runtime knows.
 */
export class EngineRuntime implements Runtime {
  readonly name = 'container'
  readonly pullsFromRegistry = true
  readonly volumes = 'mounted'
  readonly #candidates: readonly EngineAddress[]
  readonly #clock: Clock
  readonly #ports = new SandboxPorts()
  readonly #running = new Set<EngineContainer>()
  readonly #owner = `${process.pid}:${processStartTime(process.pid) ?? ''}`
  #network: NetworkMode
  #connection: {address: EngineAddress; engine: Promise<Engine>} | undefined
  #cleaning: Promise<void> | undefined

  /**
   * `env`: where the user says the engine is; by default the environment of this process.
   * `network`: how containers are reached; by default by published ports, unless the engine cannot.
   */
  constructor(options: {env?: EngineEnvironment; clock?: Clock; network?: NetworkMode} = {}) {
    this.#network = options.network ?? 'published'
    this.#candidates = engineCandidates(options.env ?? process.env)
    this.#clock = options.clock ?? new SystemClock()
  }

  resolve(image: string): Resolution {
    if (parseImageName(image) === undefined) {
      return {runnable: false, reason: 'its name is not that of an image'}
    }
    if (findEngine(this.#candidates) !== undefined) return {runnable: true}
    const places = this.#candidates.map(formatAddress).join(', ')
    return {
      runnable: false,
      reason: `there is no Docker or Podman at ${places}`,
      hint: 'start Docker or Podman, or set DOCKER_HOST',
    }
  }

  async pull(image: string, policy: PullPolicy): Promise<PulledImage> {
    try {
      return await ensureEngineImage(await this.#connect(), image, policy)
    } catch (error) {
      throw error instanceof ImagePullError ? error : new ImagePullError(engineMessage(error))
    }
  }

  async start(request: StartRequest): Promise<RunningContainer> {
    try {
      return await this.#start(await this.#connect(), request)
    } catch (error) {
      throw error instanceof ContainerStartError
        ? error
        : new ContainerStartError(engineMessage(error), {cause: error})
    }
  }

  cleanUp(): Promise<void> {
    if (findEngine(this.#candidates) !== undefined) {
      this.#clock.after(CLEAN_UP_DELAY_MS, () => void this.removeLeftovers())
    }
    return Promise.resolve()
  }

  /** Removes the containers of processes that are gone. Failures are left for the next time. */
  removeLeftovers(): Promise<void> {
    this.#cleaning ??= this.#connect()
      .then((engine) => removeOrphans(engine))
      .catch(() => undefined)
    return this.#cleaning
  }

  async close(): Promise<void> {
    const containers = [...this.#running]
    for (const container of containers) container.kill()
    await Promise.all(containers.map(({exited}) => exited))
    await this.#cleaning
  }

  async #start(engine: Engine, request: StartRequest): Promise<RunningContainer> {
    const hostPorts = await this.#ports.assign(request)
    const container = await this.#create(engine, request, hostPorts)
    const tty = request.container.tty === true
    let output: Promise<void>
    try {
      ;({ended: output} = await attachOutput(engine, container, {log: request.log, tty}))
      await container.start()
    } catch (error) {
      await container.remove({force: true}).catch(() => undefined)
      if (this.#network === 'host' || !NETWORK_FAILURE.test(engineMessage(error))) throw error
      this.#network = 'host'
      return this.#start(engine, request)
    }
    const scheme = this.#connection?.address.engine ?? 'docker'
    const running = followContainer({engine, container, scheme, hostPorts, tty, output})
    this.#running.add(running)
    void running.exited.then(() => this.#running.delete(running))
    return running
  }

  async #create(
    engine: Engine,
    request: StartRequest,
    hostPorts: ReadonlyMap<number, number>,
  ): Promise<Docker.Container> {
    const proxy = await this.#proxyFor(engine, request)
    const make = (): Promise<Docker.Container> =>
      engine.createContainer(
        makeContainerConfig(request, hostPorts, this.#network, {owner: this.#owner, proxy}),
      )
    const container = await make()
    if (this.#network === 'host') return container
    // An engine may be set to the host's network for everything; nothing is published then.
    const {HostConfig} = await container.inspect()
    if (HostConfig.NetworkMode !== 'host') return container
    this.#network = 'host'
    await container.remove({force: true})
    return this.#create(engine, request, hostPorts)
  }

  async #proxyFor(engine: Engine, {serviceProxy}: StartRequest): Promise<string | undefined> {
    const address = this.#connection?.address
    if (serviceProxy === undefined || address === undefined) return undefined
    if (this.#network === 'host') return serviceProxy.url()
    const bridge = await findBridge(engine, address)
    return bridge && serviceProxy.urlOn(bridge)
  }

  #connect(): Promise<Engine> {
    const address = findEngine(this.#candidates)
    if (address === undefined) {
      return Promise.reject(new Error('there is no Docker or Podman any more'))
    }
    if (this.#connection?.address !== address) {
      this.#connection = {address, engine: connectEngine(address)}
    }
    return this.#connection.engine
  }
}

/** Removes containers whose starter is no longer there. */
async function removeOrphans(engine: Engine): Promise<void> {
  const containers = await engine.listContainers({all: true, filters: {label: [OWNER_LABEL]}})
  for (const {Id, Labels} of containers) {
    const [pid, startTime] = (Labels[OWNER_LABEL] ?? '').split(':')
    if (processStartTime(Number(pid)) === startTime) continue
    await engine
      .getContainer(Id)
      .remove({force: true, v: true})
      .catch(() => undefined)
  }
}

import type {Clock} from '../../../util/clock.ts'
import {expandVariables} from '../expand-variables.ts'
import {imageIdOf} from '../image-name.ts'
import {
  type ContainerRuntime,
  ContainerStartError,
  type PulledImage,
  type Resolution,
  type RunningContainer,
  type StartRequest,
} from '../runtime.ts'
import {hostnameOf} from '../hostname.ts'
import {proxyEnvironment} from '../proxy-environment.ts'
import {runAsOf} from '../run-as.ts'
import {SandboxPorts} from '../sandbox-ports.ts'
import {linkVolumes} from './linked-volumes.ts'
import {MINIMAL_PATH, resolveExecutable} from './executable.ts'
import {findMapping, type ImageMapping, type ImagesFile} from './images-file.ts'
import {Pipes} from './pipes.ts'
import {chooseUser, firstClosed} from './process-user.ts'
import {ProcessRecords} from './process-records.ts'
import type {ProcessUser} from './spawn-process.ts'
import {type ChildProcessContainer, startChild} from './child-process.ts'

/** Every pod has a token there; few programs read it. */
const TOKEN_MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * Runs images as processes of this machine: an images file says which command stands for which
 * image.
 *
 * - Every replica listens on a port of its own, which it is told in `PORT`.
 * - A process gets the environment of its container and a minimal `PATH`, nothing of ours.
 * - No shell stands between; every process leads its own group, which ends with it.
 */
export class ProcessRuntime implements ContainerRuntime {
  readonly name = 'process'
  readonly volumes = 'linked'
  readonly #files: readonly ImagesFile[]
  readonly #clock: Clock
  readonly #records: ProcessRecords | undefined
  readonly #running = new Set<ChildProcessContainer>()
  readonly #ports = new SandboxPorts()
  readonly #pipes = new Pipes()
  readonly #onExit = (): void => {
    for (const child of this.#running) child.kill()
  }

  /**
   * `files`: looked through in order. `recordDirectory`: where running processes are remembered for
   * the next run; without it a `kill -9` of this program may leave processes behind.
   */
  constructor(options: {files: readonly ImagesFile[]; clock: Clock; recordDirectory?: string}) {
    this.#files = options.files
    this.#clock = options.clock
    this.#records =
      options.recordDirectory === undefined
        ? undefined
        : new ProcessRecords(options.recordDirectory)
    // Also when the program ends without closing us, for instance by an uncaught error.
    process.once('exit', this.#onExit)
  }

  resolve(image: string): Resolution {
    if (findMapping(this.#files, image) !== undefined) return {runnable: true}
    const looked = this.#files.map(({path}) => path)
    return {
      runnable: false,
      reason:
        looked.length === 0
          ? 'there is no images file'
          : `no pattern in ${looked.join(' or ')} means it`,
      hint: `add an entry with "match: ${image}" and a "command" to an images file and start with --images FILE`,
    }
  }

  pull(image: string): Promise<PulledImage> {
    return Promise.resolve({imageId: imageIdOf(image), pulled: false})
  }

  async start(request: StartRequest): Promise<RunningContainer> {
    const found = findMapping(this.#files, request.image)
    if (found === undefined) throw new ContainerStartError(`no images file means ${request.image}`)
    const {mapping} = found
    const hostPorts = await this.#ports.assign(request)
    const port = request.ports[0] === undefined ? undefined : hostPorts.get(request.ports[0])
    const paths = await linkVolumes(request.volumes)
    const given: Record<string, string> = {
      HOSTNAME: hostnameOf(request.pod),
      ...makeEnvironment(mapping, paths.inEnvironment(request.env), port),
    }
    const proxy = await request.serviceProxy?.url()
    const env = {...given, ...(proxy !== undefined && proxyEnvironment(given, proxy))}
    const [command = '', ...args] = makeCommandLine(mapping, paths.inRequest(request), env)
    const {workingDir: wanted} = request.container
    const workingDir = wanted === undefined ? mapping.workingDir : paths.inText(wanted)
    const file = resolveExecutable(command, workingDir, env['PATH'] ?? MINIMAL_PATH)
    const user = this.#userFor(request, [file, workingDir])
    const child = await startChild({
      file,
      args,
      ...(user !== undefined && {user}),
      workingDir,
      env,
      pipes: this.#pipes,
      hasStdin: request.container.stdin === true,
      stdinOnce: request.container.stdinOnce === true,
      log: request.log,
      clock: this.#clock,
      hostPorts,
      translate: (words) => paths.inCommand(words),
      ...(this.#records !== undefined && {records: this.#records}),
    })
    this.#running.add(child)
    void child.exited.then(() => this.#running.delete(child))
    return child
  }

  /** Whom a pod asks for, where the machine allows it; else it hears why not. */
  #userFor(
    {pod, container, volumes, warn}: StartRequest,
    needed: string[],
  ): ProcessUser | undefined {
    const hasVolumes = volumes?.mounts.some(({mountPath}) => mountPath !== TOKEN_MOUNT_PATH)
    const paths = hasVolumes === true ? [...needed, volumes?.podDirectory ?? ''] : needed
    const {user, warning} = chooseUser(runAsOf(pod, container), process.getuid?.(), (wanted) =>
      firstClosed(paths, wanted),
    )
    if (warning !== undefined) warn('RunsAsOtherUser', warning)
    return user
  }

  async cleanUp(): Promise<void> {
    await this.#records?.endLeftovers()
  }

  async close(): Promise<void> {
    process.off('exit', this.#onExit)
    const children = [...this.#running]
    for (const child of children) child.kill()
    await Promise.all(children.map(({exited}) => exited))
    this.#pipes.close()
  }
}

/**
 * What the process is given. The pod's own values beat those of the images file; `PORT` is always
 * the port this replica has on this machine.
 */
export function makeEnvironment(
  mapping: ImageMapping,
  env: Readonly<Record<string, string>>,
  port: number | undefined,
): Record<string, string> {
  return {
    PATH: MINIMAL_PATH,
    ...mapping.env,
    ...env,
    ...(port !== undefined && {PORT: String(port)}),
  }
}

/**
 * The command line, as Kubernetes combines a container with its image:
 *
 * | container has       | runs                              |
 * | ------------------- | --------------------------------- |
 * | nothing             | the file's command, its args      |
 * | args                | the file's command, these args    |
 * | command             | this command                      |
 * | command and args    | this command, these args          |
 *
 * `$(NAME)` in the file is replaced from the environment, so that a program can be told its port.
 */
export function makeCommandLine(
  mapping: ImageMapping,
  request: Pick<StartRequest, 'command' | 'args'>,
  env: Readonly<Record<string, string>>,
): string[] {
  const expand = (text: string): string => expandVariables(text, env)
  if (request.command !== undefined) return [...request.command, ...(request.args ?? [])]
  return [...mapping.command.map(expand), ...(request.args ?? mapping.args.map(expand))]
}

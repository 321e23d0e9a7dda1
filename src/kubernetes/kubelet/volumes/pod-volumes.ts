import {createHash} from 'node:crypto'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {CONFIG_MAPS, type Container, type Pod, SECRETS} from '../../../api/core/v1.ts'
import {messageOf} from '../../../util/message-of.ts'
import {removeTree} from '../../../util/remove-tree.ts'
import type {ContainerVolumes, Mount, VolumeUse} from '../../runtimes/runtime.ts'
import type {NodeContext} from '../node-context.ts'
import {showFiles} from './atomic-directory.ts'
import {collectFiles, type FileSource, VolumeError, type VolumeFiles} from './collect-files.ts'
import {placeVolume} from './place-volume.ts'
import {Retry} from './retry.ts'
import {requestToken} from './service-account-token.ts'
import {mountedPart} from './sub-path.ts'
import {
  isTokenVolume,
  mountedVolumes,
  namespaceOf,
  referencesOf,
  type Volume,
} from './volume-source.ts'

/** A volume that is there. */
interface Placed {
  readonly path: string
  /** What its files were made from; undefined without files of its own. */
  fingerprint: string | undefined
}

/**
 * The volumes of one pod: made before its first container starts, kept up with the ConfigMaps,
 * Secrets and fields that they show, removed with it.
 *
 * Counterpart of the kubelet's volume manager.
 */
export class PodVolumes {
  readonly #node: NodeContext
  readonly #pod: () => Pod
  readonly #placed = new Map<string, Placed>()
  readonly #told = new Set<string>()
  readonly #tokens = new Map<string, Promise<string>>()
  readonly #retry: Retry
  #directory: string | undefined
  #last: Promise<unknown> = Promise.resolve()
  #stopWatching: (() => void) | undefined

  /** `pod`: the newest version, with the addresses it has now. */
  constructor(node: NodeContext, pod: () => Pod) {
    this.#node = node
    this.#pod = pod
    this.#retry = new Retry(node.clock)
  }

  /** Whether something is missing, so that the pod may wait for long. */
  get isWaiting(): boolean {
    return this.#retry.isWaiting
  }

  /** Makes the volumes, as often as it takes; resolves when they are there or the pod is ending. */
  async setUp(): Promise<void> {
    const volumes = this.#volumes()
    if (volumes.length === 0) return
    const references = referencesOf(volumes)
    if (references.size > 0) {
      this.#stopWatching ??= this.#node.volumeChanges.watch(
        namespaceOf(this.#pod()),
        references,
        () => this.refresh(),
      )
    }
    await this.#retry.until(() =>
      this.#alone(async () => {
        const made = await Promise.all(volumes.map((volume) => this.#make(volume)))
        return made.every(Boolean)
      }),
    )
  }

  /** Makes the files anew where what they show has changed. */
  refresh(): void {
    this.#retry.hurry()
    if (this.#placed.size === 0) return
    void this.#alone(async () => {
      for (const volume of this.#volumes()) {
        if (this.#placed.has(volume.name) && !this.#retry.isOver) await this.#make(volume)
      }
    })
  }

  /**
   * What a container mounts; undefined where it sees no files.
   *
   * @throws ContainerConfigError when a part of a volume cannot be had.
   */
  async of(
    container: Container,
    env: Readonly<Record<string, string>>,
  ): Promise<ContainerVolumes | undefined> {
    // Files are made late where the image is one that nothing could run when the pod began.
    if (this.#directory === undefined && this.#use !== 'awaited') await this.setUp()
    if (this.#directory === undefined) return undefined
    const {name = '', volumeMounts = []} = container
    const directory = join(this.#directory, 'containers', segment(name))
    await mkdir(directory, {recursive: true})
    const mounts: Mount[] = []
    for (const mount of volumeMounts) {
      const placed = this.#placed.get(mount.name)
      if (placed === undefined) continue
      const source = await mountedPart(placed.path, mount, {container: name, env})
      mounts.push({mountPath: mount.mountPath, source, readOnly: mount.readOnly === true})
    }
    this.#sayWhere(container)
    return {mounts, directory, podDirectory: this.#directory}
  }

  /** Whoever wrote a path into a program must hear that a process cannot be given it. */
  #sayWhere({name = '', image = '', volumeMounts = []}: Container): void {
    if (this.#told.has(name) || useOf(this.#node, image) !== 'linked') return
    this.#told.add(name)
    const own = volumeMounts.filter((mount) => !isTokenVolume(mount.name))
    if (own.length === 0) return
    const paths = own.map(({mountPath}) => mountPath).join(', ')
    this.#node.events.warning(
      this.#pod(),
      'MountPathElsewhere',
      `Container ${name} runs as a process of this machine and finds ${paths} below ` +
        '$KNTOOL_VOLUMES; paths in its command, arguments and variables are replaced',
      `spec.containers{${name}}`,
    )
  }

  /** Stops waiting for what is missing. */
  end(): void {
    this.#retry.end()
    this.#stopWatching?.()
  }

  /**
   * Removes everything; call it when no container runs any more. What cannot be removed is reported
   * and left to the next start: a pod ends all the same.
   */
  async tearDown(): Promise<void> {
    this.end()
    await this.#last
    this.#placed.clear()
    if (this.#directory === undefined) return
    await removeTree(this.#directory).catch((error: unknown) =>
      this.#node.onError(`volumes of pod ${this.#pod().metadata.name}`, error),
    )
  }

  /** Files are changed by one at a time. */
  #alone<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change)
    this.#last = done.catch((error: unknown) => this.#node.onError('volumes', error))
    return done
  }

  /** Images of a pod may change, and with them who sees its volumes. */
  get #use(): VolumeUse | undefined {
    return strongestUse(this.#node, this.#pod())
  }

  #volumes(): Volume[] {
    const use = this.#use
    if (use === undefined) return []
    // Parts of this program read no files: nobody need make what only they would mount.
    const mounted = mountedVolumes(
      this.#pod().spec,
      ({image = ''}) => useOf(this.#node, image) !== undefined,
    )
    return use === 'awaited' ? mounted.filter(({name}) => !isTokenVolume(name)) : mounted
  }

  /** Whether the volume is there now. */
  async #make(volume: Volume): Promise<boolean> {
    try {
      const files = await collectFiles(volume, this.#source())
      if (this.#use !== 'awaited') await this.#place(volume, files)
      return true
    } catch (error) {
      const why = error instanceof VolumeError ? error.message : messageOf(error)
      this.#node.events.warning(
        this.#pod(),
        'FailedMount',
        `MountVolume.SetUp failed for volume "${volume.name}" : ${why}`,
      )
      return false
    }
  }

  async #place(volume: Volume, files: VolumeFiles | undefined): Promise<void> {
    this.#directory ??= join(await this.#node.podsDirectory(), segment(this.#pod().metadata.uid))
    let placed = this.#placed.get(volume.name)
    if (placed === undefined) {
      const path = await placeVolume(volume, join(this.#directory, 'volumes', segment(volume.name)))
      placed = {path, fingerprint: undefined}
    }
    if (files !== undefined) {
      const fingerprint = fingerprintOf(files)
      if (fingerprint !== placed.fingerprint) {
        await showFiles(placed.path, files, this.#node.clock.now())
        placed.fingerprint = fingerprint
      }
    }
    this.#placed.set(volume.name, placed)
  }

  #source(): FileSource {
    const {client, hostIp} = this.#node
    const pod = this.#pod()
    const namespace = namespaceOf(pod)
    return {
      pod,
      hostIp,
      configMap: (name) => client.find(CONFIG_MAPS, {namespace, name}),
      secret: (name) => client.find(SECRETS, {namespace, name}),
      token: (wanted) => {
        const id = JSON.stringify(wanted)
        const known = this.#tokens.get(id) ?? requestToken(client, pod, wanted)
        this.#tokens.set(id, known)
        // A failure is asked for again.
        known.catch(() => this.#tokens.delete(id))
        return known
      },
    }
  }
}

/** A name as part of a path: the API has checked it, and a directory depends on it. */
function segment(name = ''): string {
  if (/^[\w.-]+$/.test(name) && !/^\.+$/.test(name)) return name
  throw new VolumeError(`${JSON.stringify(name)} cannot name a directory`)
}

/** Files are made where one container sees them; what nobody sees is only waited for. */
function strongestUse(node: NodeContext, {spec}: Pod): VolumeUse | undefined {
  const images = [...(spec.initContainers ?? []), ...spec.containers].map(({image = ''}) => image)
  const uses = images.map((image) => useOf(node, image))
  return uses.find((use) => use === 'mounted' || use === 'linked') ?? uses.find(Boolean)
}

/** An image that nothing can run is not even looked for before its volumes are there. */
function useOf({runtimes}: NodeContext, image: string): VolumeUse | undefined {
  const runtime = runtimes.find((candidate) => candidate.resolve(image).runnable)
  return runtime === undefined ? 'awaited' : runtime.volumes
}

function fingerprintOf(files: VolumeFiles): string {
  const hash = createHash('sha256')
  for (const [path, {content, mode}] of files) {
    hash.update(`${path}\0${mode}\0${content.byteLength}\0`).update(content)
  }
  return hash.digest('hex')
}

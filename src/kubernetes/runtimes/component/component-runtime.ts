import {messageOf} from '../../../util/message-of.ts'
import type {Upstream} from '../../../http/upstream.ts'
import {newContainerId} from '../container-id.ts'
import {imageIdOf, matchesImage} from '../image-name.ts'
import {
  type ContainerExit,
  type ContainerRuntime,
  ContainerStartError,
  type PulledImage,
  type Resolution,
  type RunningContainer,
  type StartRequest,
} from '../runtime.ts'

/** A part of this program in the place of a container. */
export interface RunningComponent {
  /** Whether it serves: the counterpart of the container's readiness probe. */
  ready(): boolean | Promise<boolean>
  /** Ends it; may take until its work is done, at most until the grace period is over. */
  stop(): void | Promise<void>
  /** Ends it at once, dropping its work. Without it, `stop` is called and not waited for. */
  kill?(): void | Promise<void>
  /** Where a port answers, for those who reach it through the pod's sandbox. */
  endpoint?(containerPort: number): Upstream | undefined
  /** Settles when the component ended by itself; rejects when it failed. */
  readonly ended?: Promise<void>
}

/** What runs for the images that one of `images` (names or globs) means. */
export interface ComponentImage {
  readonly name: string
  readonly images: readonly string[]
  start(request: StartRequest): RunningComponent | Promise<RunningComponent>
}

const SIGKILL = 9

/**
 * Runs parts of this program as containers: the system workloads of Knative and Istio, and the
 * queue-proxy of every revision's pod.
 */
export class ComponentRuntime implements ContainerRuntime {
  readonly name = 'component'
  readonly #images: readonly ComponentImage[]
  readonly #running = new Set<RunningContainer>()
  readonly #known = new Map<string, ComponentImage | undefined>()
  readonly #kills = new Set<Promise<void>>()

  constructor(images: readonly ComponentImage[]) {
    this.#images = images
  }

  resolve(image: string): Resolution {
    if (this.#find(image) !== undefined) return {runnable: true}
    return {runnable: false, reason: ''}
  }

  pull(image: string): Promise<PulledImage> {
    return Promise.resolve({imageId: imageIdOf(image), pulled: false})
  }

  async start(request: StartRequest): Promise<RunningContainer> {
    const image = this.#find(request.image)
    if (image === undefined) throw new ContainerStartError(`no component is ${request.image}`)
    let component: RunningComponent
    try {
      component = await image.start(request)
    } catch (error) {
      throw new ContainerStartError(
        `the component ${image.name} did not start: ${messageOf(error)}`,
        {
          cause: error,
        },
      )
    }
    return this.#track(component, request)
  }

  #track(component: RunningComponent, request: StartRequest): RunningContainer {
    const {promise: exited, resolve} = Promise.withResolvers<ContainerExit>()
    const exit = (result: ContainerExit): void => {
      this.#running.delete(container)
      resolve(result)
    }
    const stop = async (): Promise<void> => {
      try {
        await component.stop()
        exit({exitCode: 0})
      } catch (error) {
        request.log('stderr', `${messageOf(error)}\n`)
        exit({exitCode: 1})
      }
    }
    const container: RunningContainer = {
      id: newContainerId(this.name),
      exited,
      endpoint: (port) => component.endpoint?.(port),
      ready: () => component.ready(),
      stop,
      kill: () => {
        if (component.kill === undefined) void stop()
        else this.#kills.add(Promise.resolve(component.kill()))
        exit({exitCode: 128 + SIGKILL, signal: SIGKILL})
      },
    }
    this.#running.add(container)
    component.ended?.then(
      () => exit({exitCode: 0}),
      (error: unknown) => {
        request.log('stderr', `${messageOf(error)}\n`)
        exit({exitCode: 1})
      },
    )
    return container
  }

  async close(): Promise<void> {
    for (const container of this.#running) container.kill()
    await Promise.allSettled(this.#kills)
  }

  /** Remembered per image: the same few are asked for with every pod. */
  #find(image: string): ComponentImage | undefined {
    if (this.#known.has(image)) return this.#known.get(image)
    const found = this.#images.find(({images}) => images.some((name) => matchesImage(name, image)))
    if (this.#known.size > 1000) this.#known.clear()
    this.#known.set(image, found)
    return found
  }
}

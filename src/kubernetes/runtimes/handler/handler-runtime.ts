import {newContainerId} from '../container-id.ts'
import {imageIdOf, matchesImage} from '../image-name.ts'
import type {
  ContainerExit,
  ContainerRuntime,
  PulledImage,
  Resolution,
  RunningContainer,
  StartRequest,
} from '../runtime.ts'

/** What a handler may want to know about the container it stands for. */
export interface HandlerContext {
  readonly env: Readonly<Record<string, string>>
  readonly podName: string
  log(line: string): void
}

/** Answers the requests of a container in this process, without any socket. */
export type RequestHandler = (
  request: Request,
  context: HandlerContext,
) => Response | Promise<Response>

/** A program with a life of its own, for what a function alone cannot show. */
export interface HandlerProgram {
  /** Without it, nothing ever listens. */
  readonly fetch?: RequestHandler
  /** Begins with the container. The container ends with the exit code this resolves to. */
  readonly main?: (context: HandlerContext) => Promise<number>
}

/** A program that is a function. */
export type HandlerImage = RequestHandler | HandlerProgram

const SIGTERM = 15
const SIGKILL = 9

/** Runs images that are functions. For tests, and for the embedded cluster as a library. */
export class HandlerRuntime implements ContainerRuntime {
  readonly name = 'handler'
  readonly volumes = 'awaited'
  readonly #images: Readonly<Record<string, HandlerImage>>
  readonly #running = new Set<RunningContainer>()

  /** `images`: the function of each image, by name or glob. */
  constructor(images: Readonly<Record<string, HandlerImage>>) {
    this.#images = images
  }

  resolve(image: string): Resolution {
    if (this.#find(image) !== undefined) return {runnable: true}
    const names = Object.keys(this.#images)
    return {
      runnable: false,
      reason: names.length === 0 ? '' : `no handler has that name (there are: ${names.join(', ')})`,
    }
  }

  pull(image: string): Promise<PulledImage> {
    return Promise.resolve({imageId: imageIdOf(image), pulled: false})
  }

  start(request: StartRequest): Promise<RunningContainer> {
    const image = this.#find(request.image)
    if (image === undefined) {
      return Promise.reject(new Error(`no handler is registered for ${request.image}`))
    }
    const {fetch, main} = typeof image === 'function' ? {fetch: image} : image
    const {promise: exited, resolve: exit} = Promise.withResolvers<ContainerExit>()
    const context: HandlerContext = {
      env: request.env,
      podName: request.pod.metadata.name,
      log: (line) => request.log('stdout', `${line}\n`),
    }
    const upstream = {
      kind: 'handler' as const,
      handle: async (incoming: Request) => {
        if (fetch === undefined) throw new Error('connection refused')
        return fetch(incoming, context)
      },
      listens: () => fetch !== undefined,
    }
    const end = (how: ContainerExit): void => {
      this.#running.delete(container)
      exit(how)
    }
    const endBy = (signal: number): void => end({exitCode: 128 + signal, signal})
    const container: RunningContainer = {
      id: newContainerId(this.name),
      exited,
      // A function has no ports of its own: it answers on those the container declares.
      endpoint: (port) => (request.ports.includes(port) ? upstream : undefined),
      stop: () => {
        endBy(SIGTERM)
        return Promise.resolve()
      },
      kill: () => endBy(SIGKILL),
    }
    this.#running.add(container)
    void main?.(context).then(
      (exitCode) => end({exitCode}),
      (error: unknown) => {
        context.log(String(error))
        end({exitCode: 1})
      },
    )
    return Promise.resolve(container)
  }

  close(): Promise<void> {
    for (const container of this.#running) container.kill()
    return Promise.resolve()
  }

  #find(image: string): HandlerImage | undefined {
    const exact = this.#images[image]
    if (exact !== undefined) return exact
    const pattern = Object.keys(this.#images).find((name) => matchesImage(name, image))
    return pattern === undefined ? undefined : this.#images[pattern]
  }
}

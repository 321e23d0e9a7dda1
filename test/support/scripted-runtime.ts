import type {Upstream} from '../../src/http/upstream.ts'
import {
  type ContainerExit,
  type ContainerRuntime,
  ContainerStartError,
  ImagePullError,
  type PulledImage,
  type Resolution,
  type RunningContainer,
  type StartRequest,
} from '../../src/kubernetes/runtimes/runtime.ts'

/** What a container of a {@link ScriptedRuntime} does; everything is optional. */
export interface Script {
  /** Answers requests to any declared port. */
  readonly handle?: (request: Request) => Response | Promise<Response>
  /** Says itself whether it is ready. */
  readonly ready?: () => boolean
  /** Does not end when it is asked to. */
  readonly isStubborn?: boolean
  readonly exec?: (command: readonly string[]) => {exitCode: number; output: string}
  /** Runs right after the start. */
  readonly onStart?: (container: ScriptedContainer) => void
  readonly startError?: string
}

/** A container that was started, for the test to steer. */
export interface ScriptedContainer {
  readonly request: StartRequest
  readonly exit: (code: number) => void
}

/** A runtime whose containers do what the test says. Any image is known unless it is `missing`. */
export class ScriptedRuntime implements ContainerRuntime {
  readonly name = 'scripted'
  readonly started: ScriptedContainer[] = []
  readonly missing = new Set<string>()
  script: Script

  constructor(script: Script = {}) {
    this.script = script
  }

  resolve(): Resolution {
    return {runnable: true}
  }

  pull(image: string): Promise<PulledImage> {
    return this.missing.has(image)
      ? Promise.reject(new ImagePullError(`${image}: not found`))
      : Promise.resolve({imageId: `${image}@sha256:1`, pulled: false})
  }

  start(request: StartRequest): Promise<RunningContainer> {
    const {script} = this
    if (script.startError !== undefined) {
      return Promise.reject(new ContainerStartError(script.startError))
    }
    const {promise: exited, resolve: exit} = Promise.withResolvers<ContainerExit>()
    const upstream: Upstream = {
      kind: 'handler',
      handle: async (incoming) => script.handle?.(incoming) ?? new Response('ok'),
    }
    const ready = script.ready
    const exec = script.exec
    this.started.push({request, exit: (exitCode) => exit({exitCode})})
    script.onStart?.({request, exit: (exitCode) => exit({exitCode})})
    return Promise.resolve({
      id: `scripted://${this.started.length}`,
      exited,
      endpoint: (port) =>
        script.handle !== undefined && request.ports.includes(port) ? upstream : undefined,
      stop: async () => {
        if (!script.isStubborn) exit({exitCode: 143})
        await exited
      },
      kill: () => exit({exitCode: 137}),
      ...(ready !== undefined && {ready}),
      ...(exec !== undefined && {exec: (command) => Promise.resolve(exec(command))}),
    })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

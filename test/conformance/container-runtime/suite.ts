import {afterEach, describe, expect, test} from 'vitest'
import type {Container, Pod} from '../../../src/api/core/v1.ts'
import type {Upstream} from '../../../src/http/upstream.ts'
import {
  type ContainerRuntime,
  ContainerStartError,
  type RunningContainer,
  type StartRequest,
} from '../../../src/kubernetes/runtimes/runtime.ts'
import {skippedFor} from '../../support/requirements.ts'

/** What the suite needs of an implementation: images that do what their names say. */
export interface RuntimeUnderTest {
  readonly runtime: ContainerRuntime
  readonly images: {
    /** Greets `TARGET` on its port, writes `listening` to its log. */
    readonly greeter: string
    /** Writes `boom` to stderr and exits with 3. Absent where programs cannot exit. */
    readonly crasher?: string
    /** Ignores SIGTERM. */
    readonly stubborn?: string
    /** Cannot be started. */
    readonly unstartable?: string
  }
  /** The command that makes an image do what its role says, where the image alone does not. */
  readonly commandOf?: (role: keyof RuntimeUnderTest['images']) => readonly string[]
  /** Whether every image can be tried, because somebody else is asked for it. */
  readonly knowsEveryImage?: boolean
  /** Whether a container's output is the program's own stdout and stderr. */
  readonly hasOutput: boolean
}

type RequestMaker = (
  role: keyof RuntimeUnderTest['images'],
  env?: Record<string, string>,
) => {request: StartRequest; output: () => string}

/** What every runtime does the same way. `skip`: why it cannot be tried here, or nothing. */
export function containerRuntimeSuite(
  name: string,
  create: () => Promise<RuntimeUnderTest>,
  skip?: string,
): void {
  describe(`the ${name} runtime`, skippedFor(skip), () => {
    const open: ContainerRuntime[] = []
    afterEach(async () => {
      await Promise.all(open.splice(0).map((runtime) => runtime.close()))
    })
    async function setUp(): Promise<RuntimeUnderTest & {requestFor: RequestMaker}> {
      const made = await create()
      open.push(made.runtime)
      const requestFor: RequestMaker = (role, env = {}) => {
        const command = made.commandOf?.(role)
        return startRequest(made.images[role] ?? '', env, {...(command && {command})})
      }
      return {...made, requestFor}
    }

    test('knows which images it can run and says why not', async () => {
      const {runtime, images, knowsEveryImage} = await setUp()
      expect(runtime.resolve(images.greeter)).toEqual({runnable: true})
      const resolution = runtime.resolve(
        knowsEveryImage ? 'No Image At All' : 'example.com/nobody/knows:v1',
      )
      expect(resolution.runnable).toBe(false)
      expect(!resolution.runnable && resolution.reason).not.toBe('')
    })

    test('names the image by a digest that stays the same', async () => {
      const {runtime, images} = await setUp()
      const first = await runtime.pull(images.greeter, 'IfNotPresent')
      const second = await runtime.pull(images.greeter, 'IfNotPresent')
      expect(first.imageId).toMatch(/@sha256:[0-9a-f]{64}$/)
      expect(second.imageId).toBe(first.imageId)
    })

    test('serves on the endpoint of a container port with the given environment', async () => {
      const {runtime, requestFor} = await setUp()
      const {request} = requestFor('greeter', {TARGET: 'conformance'})
      const container = await runtime.start(request)
      expect(await eventuallyText(container)).toBe('Hello conformance!\n')
    })

    test('gives every container an id of its own under the name of the runtime', async () => {
      const {runtime, requestFor} = await setUp()
      const one = await runtime.start(requestFor('greeter').request)
      const two = await runtime.start(requestFor('greeter').request)
      expect(one.id).toMatch(/^[a-z]+:\/\/[0-9a-f]{64}$/)
      expect(two.id).not.toBe(one.id)
    })

    test('runs two containers of one image side by side', async () => {
      const {runtime, requestFor} = await setUp()
      const one = await runtime.start(requestFor('greeter', {TARGET: 'one'}).request)
      const two = await runtime.start(requestFor('greeter', {TARGET: 'two'}).request)
      expect(await eventuallyText(one)).toBe('Hello one!\n')
      expect(await eventuallyText(two)).toBe('Hello two!\n')
    })

    test('ends a container that is asked to stop', async () => {
      const {runtime, requestFor} = await setUp()
      const container = await runtime.start(requestFor('greeter').request)
      await eventuallyText(container)
      await container.stop(10_000)
      const {exitCode} = await container.exited
      expect([0, 143]).toContain(exitCode)
    })

    test('ends a container by force', async () => {
      const {runtime, requestFor} = await setUp()
      const container = await runtime.start(requestFor('greeter').request)
      container.kill()
      expect(await container.exited).toMatchObject({exitCode: 137, signal: 9})
    })

    test('leaves nothing running when it is closed', async () => {
      const {runtime, requestFor} = await setUp()
      const container = await runtime.start(requestFor('greeter').request)
      await runtime.close()
      expect(await container.exited).toMatchObject({exitCode: expect.any(Number) as number})
    })

    test('hands the output of a program to the log', async ({skip}) => {
      const {runtime, hasOutput, requestFor} = await setUp()
      if (!hasOutput) skip('functions write no output of their own')
      const {request, output} = requestFor('greeter')
      const container = await runtime.start(request)
      await eventuallyText(container)
      await container.stop(5000)
      expect(output()).toContain('listening')
    })

    test('reports how a program ended, after its last line of output', async ({skip}) => {
      const {runtime, images, requestFor} = await setUp()
      if (images.crasher === undefined) return skip('functions cannot exit')
      const {request, output} = requestFor('crasher')
      const container = await runtime.start(request)
      expect(await container.exited).toMatchObject({exitCode: 3})
      expect(output()).toContain('boom')
    })

    test('forces a program that ignores the request to stop', async ({skip}) => {
      const {runtime, images, requestFor} = await setUp()
      if (images.stubborn === undefined) return skip('functions cannot ignore anything')
      const {request} = requestFor('stubborn')
      const container = await runtime.start(request)
      await eventuallyText(container)
      await container.stop(100)
      expect(await container.exited).toMatchObject({exitCode: 137, signal: 9})
    })

    test('says why a program cannot be started', async ({skip}) => {
      const {runtime, images, requestFor} = await setUp()
      if (images.unstartable === undefined) return skip('functions always start')
      await expect(runtime.start(requestFor('unstartable').request)).rejects.toThrow(
        ContainerStartError,
      )
    })
  })
}

/** A container of `image` with port 8080, and what it wrote so far. */
export function startRequest(
  image: string,
  env: Record<string, string> = {},
  changes: Partial<StartRequest> = {},
): {request: StartRequest; output: () => string} {
  const container: Container = {name: 'user-container', image, ports: [{containerPort: 8080}]}
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'hello', namespace: 'default', uid: 'c0ffee'},
    spec: {containers: [container]},
  }
  const decoder = new TextDecoder()
  let text = ''
  const request: StartRequest = {
    pod,
    container,
    image,
    env: {PORT: '8080', ...env},
    ports: [8080],
    sandbox: {podIp: '10.244.0.2', dial: () => undefined},
    log: (_stream, chunk) => {
      text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, {stream: true})
    },
    warn: (reason, message) => {
      text += `${reason}: ${message}\n`
    },
    ...changes,
  }
  return {request, output: () => text}
}

/** What the container answers on its port, as soon as it answers. */
export async function eventuallyText(container: RunningContainer): Promise<string> {
  let ended = false
  void container.exited.then(() => (ended = true))
  for (;;) {
    try {
      return await fetchText(container.endpoint(8080))
    } catch (error) {
      if (ended) throw error
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

async function fetchText(upstream: Upstream | undefined): Promise<string> {
  if (upstream === undefined) throw new Error('the container has no such port')
  const response =
    upstream.kind === 'handler'
      ? await upstream.handle(new Request('http://hello/'))
      : await fetch(`http://${upstream.host}:${upstream.port}/`)
  return response.text()
}

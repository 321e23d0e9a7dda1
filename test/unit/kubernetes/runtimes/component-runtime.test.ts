import {describe, expect, test} from 'vitest'
import {
  type ComponentImage,
  ComponentRuntime,
  type RunningComponent,
} from '../../../../src/kubernetes/runtimes/component/component-runtime.ts'
import {startRequest} from '../../../conformance/container-runtime/suite.ts'

const IMAGE = 'registry.example.com/queue'

function runtimeOf(component: Partial<RunningComponent>): ComponentRuntime {
  return new ComponentRuntime([
    image({start: () => ({ready: () => true, stop() {}, ...component})}),
  ])
}

function image(changes: Partial<ComponentImage>): ComponentImage {
  return {
    name: 'queue-proxy',
    images: [`${IMAGE}*`],
    start: () => ({ready: () => true, stop() {}}),
    ...changes,
  }
}

describe('a component', () => {
  test('stands for the images its patterns mean', () => {
    const runtime = new ComponentRuntime([image({})])
    expect(runtime.resolve(`${IMAGE}@sha256:${'a'.repeat(64)}`)).toEqual({runnable: true})
    expect(runtime.resolve('registry.example.com/other')).toMatchObject({runnable: false})
  })

  test('is given what its container is given, and says itself whether it is ready', async () => {
    let isReady = false
    const seen: unknown[] = []
    const runtime = new ComponentRuntime([
      image({
        start(request) {
          seen.push(request.env['TARGET'], request.sandbox.podIp)
          return {ready: () => isReady, stop() {}}
        },
      }),
    ])
    const container = await runtime.start(startRequest(IMAGE, {TARGET: 'x'}).request)
    expect(seen).toEqual(['x', '10.244.0.2'])
    expect(await container.ready?.()).toBe(false)
    isReady = true
    expect(await container.ready?.()).toBe(true)
  })

  test('ends well when it has stopped, badly when it could not', async () => {
    const {promise: drained, resolve: drain} = Promise.withResolvers<void>()
    const patient = await runtimeOf({stop: () => drained}).start(startRequest(IMAGE).request)
    const stopping = patient.stop(1000)
    drain()
    await stopping
    expect(await patient.exited).toEqual({exitCode: 0})

    const {request, output} = startRequest(IMAGE)
    const broken = await runtimeOf({stop: () => Promise.reject(new Error('stuck'))}).start(request)
    await broken.stop(1000)
    expect(await broken.exited).toEqual({exitCode: 1})
    expect(output()).toBe('stuck\n')
  })

  test('is killed at once, whatever it still does', async () => {
    const container = await runtimeOf({stop: () => new Promise(() => undefined)}).start(
      startRequest(IMAGE).request,
    )
    container.kill()
    expect(await container.exited).toEqual({exitCode: 137, signal: 9})
  })

  test('that ends or fails by itself is an exit of its container', async () => {
    const done = await runtimeOf({ended: Promise.resolve()}).start(startRequest(IMAGE).request)
    expect(await done.exited).toEqual({exitCode: 0})
    const {request, output} = startRequest(IMAGE)
    const failed = await runtimeOf({ended: Promise.reject(new Error('lost'))}).start(request)
    expect(await failed.exited).toEqual({exitCode: 1})
    expect(output()).toBe('lost\n')
  })

  test('that does not start says so in the words of its error', async () => {
    const runtime = new ComponentRuntime([
      image({
        start() {
          throw new Error('no port')
        },
      }),
    ])
    await expect(runtime.start(startRequest(IMAGE).request)).rejects.toThrow(
      'the component queue-proxy did not start: no port',
    )
  })

  test('is ended when its runtime is closed', async () => {
    const ended: string[] = []
    const runtime = runtimeOf({
      stop: () => void ended.push('stop'),
      kill: () => Promise.resolve().then(() => void ended.push('kill')),
    })
    await runtime.start(startRequest(IMAGE).request)
    await runtime.close()
    expect(ended).toEqual(['kill'])
  })
})

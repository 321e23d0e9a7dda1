import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type Pod, PODS} from '../../../../src/api/core/v1.ts'
import {LogBuffer} from '../../../../src/kubernetes/kubelet/log-buffer.ts'
import {type LogOptions, readLog} from '../../../../src/kubernetes/kubelet/log-reader.ts'
import {NodeCluster, OK_IMAGE, pod} from '../../../support/node-cluster.ts'
import {ScriptedRuntime} from '../../../support/scripted-runtime.ts'

const NOW = Date.UTC(2024, 3, 22, 12)

async function read(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunks) text += decoder.decode(chunk, {stream: true})
  return text
}

describe('the log of a container', () => {
  let nowMs = NOW
  function logOf(...lines: string[]): LogBuffer {
    nowMs = NOW
    const buffer = new LogBuffer(() => nowMs)
    for (const line of lines) {
      buffer.write('stdout', `${line}\n`)
      nowMs += 1000
    }
    return buffer
  }
  const show = (buffer: LogBuffer, options: LogOptions): Promise<string> =>
    read(readLog(buffer, options, nowMs, new AbortController().signal))

  test.each<[LogOptions, string]>([
    [{}, 'a\nb\nc\n'],
    [{tailLines: 2}, 'b\nc\n'],
    [{tailLines: 0}, ''],
    [{sinceSeconds: 2}, 'b\nc\n'],
    [{sinceTime: '2024-04-22T12:00:02Z'}, 'c\n'],
    [{limitBytes: 3}, 'a\nb'],
    [{tailLines: 1, timestamps: true}, '2024-04-22T12:00:02.000000000Z c\n'],
  ])('shows what is asked for: %j', async (options, expected) => {
    expect(await show(logOf('a', 'b', 'c'), options)).toBe(expected)
  })

  test('puts lines together that come in pieces, also in the middle of a character', async () => {
    const buffer = logOf()
    const bytes = new TextEncoder().encode('grüße\nund ')
    buffer.write('stdout', bytes.subarray(0, 3))
    buffer.write('stderr', 'other\n')
    buffer.write('stdout', bytes.subarray(3))
    buffer.write('stdout', 'tschüss')
    buffer.close()
    expect(await show(buffer, {})).toBe('other\ngrüße\nund tschüss\n')
  })

  test('keeps the newest lines when it gets too long', async () => {
    const buffer = logOf()
    const line = 'x'.repeat(999)
    for (let index = 0; index < 3000; index++) buffer.write('stdout', `${index} ${line}\n`)
    const text = await show(buffer, {})
    expect(text.length).toBeLessThanOrEqual(1_000_000)
    expect(text.length).toBeGreaterThan(500_000)
    expect(text.endsWith(`2999 ${line}\n`)).toBe(true)
  })

  test('is followed until the container ends, without a line lost or doubled', async () => {
    const buffer = logOf('a')
    const text = read(readLog(buffer, {follow: true}, nowMs, new AbortController().signal))
    for (let index = 0; index < 100; index++) {
      buffer.write('stdout', `${index}\n`)
      if (index % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    buffer.close()
    const numbers = Array.from({length: 100}, (_, index) => `${index}\n`)
    expect(await text).toBe(`a\n${numbers.join('')}`)
  })

  test('is followed until the reader goes', async () => {
    const reader = new AbortController()
    const text = read(readLog(logOf('a'), {follow: true}, NOW, reader.signal))
    await new Promise((resolve) => setImmediate(resolve))
    reader.abort()
    expect(await text).toBe('a\n')
  })
})

describe('the logs of pods', () => {
  let runtime: ScriptedRuntime
  let cluster: NodeCluster
  beforeEach(async () => {
    runtime = new ScriptedRuntime()
    cluster = await new NodeCluster({runtimes: [runtime]}).start()
  })
  afterEach(() => cluster.stop())

  async function create(spec: Partial<Pod['spec']> = {}): Promise<void> {
    await cluster.client.create(PODS, pod('web', spec))
    await cluster.clock.advance(500)
  }
  const logs = (options: LogOptions = {}): Promise<string> =>
    read(cluster.kubelet.podAccess.logs('default', 'web', options, new AbortController().signal))

  test('are those of the run that goes on, or with `previous` of the one before', async () => {
    let run = 0
    runtime.script = {
      onStart: ({request, exit}) => {
        run += 1
        request.log('stdout', `run ${run}\n`)
        if (run === 1) exit(1)
      },
    }
    await create()
    expect(await logs()).toBe('run 2\n')
    expect(await logs({previous: true})).toBe('run 1\n')
  })

  test('stay readable after the container has ended', async () => {
    runtime.script = {
      onStart: ({request, exit}) => {
        request.log('stdout', 'bye\n')
        exit(0)
      },
    }
    await create({restartPolicy: 'Never'})
    expect(await logs()).toBe('bye\n')
  })

  test.each<[string, LogOptions, Partial<Pod['spec']>, string]>([
    [
      'two containers',
      {},
      {
        containers: [
          {name: 'a', image: OK_IMAGE},
          {name: 'b', image: OK_IMAGE},
        ],
      },
      'a container name must be specified for pod web, choose one of: [a b]',
    ],
    ['another name', {container: 'x'}, {}, 'container x is not valid for pod web'],
    [
      'no previous run',
      {previous: true},
      {},
      'previous terminated container "main" in pod "web" not found',
    ],
    [
      'an image that is missing',
      {},
      {containers: [{name: 'main', image: 'missing'}]},
      'container "main" in pod "web" is waiting to start: trying and failing to pull image',
    ],
  ])('are refused in the words of a genuine server: %s', async (_title, options, spec, message) => {
    runtime.missing.add('missing')
    await create(spec)
    await expect(logs(options)).rejects.toThrow(
      expect.objectContaining({message, reason: 'BadRequest', code: 400}),
    )
  })

  test('of a pod that is not here are not found', async () => {
    await expect(logs()).rejects.toThrow(expect.objectContaining({code: 404}))
  })
})

import {describe, expect, test} from 'vitest'
import type {Pod} from '../../../../src/api/core/v1.ts'
import type {UnknownObject, WatchEvent} from '../../../../src/api/meta/object.ts'
import {failure} from '../../../../src/api/meta/status-error.ts'
import type {ApiRequest, ApiResponse, Transport} from '../../../../src/api/transport.ts'
import {Client} from '../../../../src/client/client.ts'
import {LineQueue} from '../../../../src/operations/logs/line-queue.ts'
import type {LogLine} from '../../../../src/operations/logs/log-line.ts'
import type {LogRequest} from '../../../../src/operations/logs/log-request.ts'
import {readServiceLogs} from '../../../../src/operations/logs/service-logs.ts'
import {FakeClock, settle} from '../../../../src/util/fake-clock.ts'

const REQUEST: LogRequest = {namespace: 'default', name: 'web'}

describe('logs that are read', () => {
  test('come in the order of time, whichever pod they are from', async () => {
    const api = new PodsApi()
    api.add(pod('a'), ['2024-05-01T10:00:00.1Z a1', '2024-05-01T10:00:00.3Z a2'])
    api.add(pod('b'), ['2024-05-01T10:00:00.19Z b1', '2024-05-01T10:00:01Z b2'])
    expect(await messages(api, REQUEST)).toEqual(['a1', 'b1', 'a2', 'b2'])
  })

  test('leave out the sidecar, unless it is asked for', async () => {
    const api = new PodsApi()
    api.add(pod('a', {containers: ['queue-proxy', 'user-container']}), ['2024-05-01T10:00:00Z x'])
    await messages(api, REQUEST)
    await messages(api, {...REQUEST, container: 'queue-proxy'})
    expect(api.logsAsked).toEqual(['a/user-container', 'a/queue-proxy'])
  })

  test('of the runs before are those of containers that were restarted', async () => {
    const api = new PodsApi()
    api.add(pod('a'), ['2024-05-01T10:00:00Z a'])
    api.add(pod('b', {restarts: 2}), ['2024-05-01T10:00:00Z b'])
    expect(await messages(api, {...REQUEST, previous: true})).toEqual(['b'])
  })

  test('say why there are none', async () => {
    const api = new PodsApi()
    api.add(pod('a'), [])
    await expect(messages(api, {...REQUEST, previous: true})).rejects.toThrow(
      "No container of service 'web' has been restarted.",
    )
    await expect(messages(api, {...REQUEST, container: 'nosuch'})).rejects.toThrow(
      "The pods of service 'web' have no container 'nosuch'.",
    )
    const notices: string[] = []
    await messages(new PodsApi(), {...REQUEST, onNotice: (text) => notices.push(text)})
    expect(notices).toEqual([expect.stringContaining('has no pods now')])
  })
})

describe('logs that are followed', () => {
  test('go on with pods that join later and containers that start again', async () => {
    const api = new PodsApi()
    api.add(pod('a'), ['2024-05-01T10:00:00Z a1'], {open: true})
    const reading = follow(api)
    await settle()
    api.add(pod('b'), ['2024-05-01T10:00:01Z b1'], {open: true})
    await settle()
    api.close('a')
    api.add(pod('a', {restarts: 1}), ['2024-05-01T10:00:02Z a2'], {open: true})
    await settle()
    expect(await reading.stop()).toEqual(['a1', 'b1', 'a2'])
  })

  test('show nothing twice while a container that ended waits for its next run', async () => {
    const api = new PodsApi()
    api.add(pod('a'), ['2024-05-01T10:00:00Z a1'], {open: true})
    const reading = follow(api)
    await settle()
    api.close('a')
    api.add(pod('a', {restarts: 1}), ['2024-05-01T10:00:00Z a1'])
    await settle()
    expect(await reading.stop()).toEqual(['a1'])
  })

  test('go on where they were when the stream breaks, without a line twice', async () => {
    const api = new PodsApi()
    const lines = ['2024-05-01T10:00:00.5Z one', '2024-05-01T10:00:00.5Z two']
    api.add(pod('a'), lines, {open: true})
    const reading = follow(api)
    await settle()
    api.close('a')
    const more = ['2024-05-01T10:00:00.5Z three', '2024-05-01T10:00:01Z four']
    api.replaceLog('a', [...lines, ...more])
    await settle()
    await reading.clock.advance(1_000)
    await settle()
    expect(await reading.stop()).toEqual(['one', 'two', 'three', 'four'])
    expect(api.sinceTimes).toEqual([undefined, '2024-05-01T10:00:00.5Z'])
  })

  test('go on when the watch ends', async () => {
    const api = new PodsApi()
    const reading = follow(api)
    await settle()
    expect(reading.notices).toEqual([expect.stringContaining('waiting for them')])
    api.endWatches()
    api.add(pod('a'), ['2024-05-01T10:00:00Z a1'], {open: true})
    await settle()
    await reading.clock.advance(1_000)
    await settle()
    expect(await reading.stop()).toEqual(['a1'])
  })

  test('end with the error when nobody may read them', async () => {
    const api = new PodsApi()
    api.add(pod('a'), failure(403, 'Forbidden', 'pods "a" is forbidden'))
    await expect(messages(api, {...REQUEST, follow: true})).rejects.toThrow('pods "a" is forbidden')
  })
})

describe('LineQueue', () => {
  test('holds up who adds while nobody reads', async () => {
    const queue = new LineQueue<number>()
    let added = 0
    const adding = (async () => {
      for (let item = 0; item < 3_000; item += 1) {
        await queue.push(item)
        added += 1
      }
      queue.end()
    })()
    await settle()
    expect(added).toBe(999)
    const items = await collect(queue)
    await adding
    expect(items).toEqual(Array.from({length: 3_000}, (_, index) => index))
  })
})

function pod(
  name: string,
  {containers = ['user-container'], restarts = 0}: {containers?: string[]; restarts?: number} = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'default', uid: name},
    spec: {containers: containers.map((container) => ({name: container}))},
    status: {
      containerStatuses: containers.map((container) => ({
        name: container,
        image: '',
        imageID: '',
        ready: true,
        restartCount: restarts,
        state: {running: {}},
      })),
    },
  }
}

async function messages(api: PodsApi, request: LogRequest): Promise<string[]> {
  const lines = readServiceLogs({client: new Client(api), clock: new FakeClock()}, request)
  return (await collect(lines)).map(({message}) => message)
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

function follow(api: PodsApi) {
  const clock = new FakeClock()
  const stop = new AbortController()
  const notices: string[] = []
  const lines: LogLine[] = []
  const request = {
    ...REQUEST,
    follow: true,
    signal: stop.signal,
    onNotice: (text: string) => void notices.push(text),
  }
  const reading = (async () => {
    for await (const line of readServiceLogs({client: new Client(api), clock}, request)) {
      lines.push(line)
    }
  })()
  return {
    clock,
    notices,
    async stop(): Promise<string[]> {
      stop.abort()
      await reading
      return lines.map(({message}) => message)
    },
  }
}

interface Log {
  readonly lines: readonly string[] | Error
  readonly closed: PromiseWithResolvers<void>
}

/** An API of one Service and its pods, whose logs a test writes. */
class PodsApi implements Transport {
  readonly logsAsked: string[] = []
  readonly sinceTimes: unknown[] = []
  readonly #pods = new Map<string, Pod>()
  readonly #logs = new Map<string, Log>()
  #watches = new Set<(event: WatchEvent | undefined) => void>()

  add(added: Pod, lines: readonly string[] | Error, {open = false} = {}): void {
    this.#pods.set(added.metadata.name, added)
    const closed = Promise.withResolvers<void>()
    if (!open) closed.resolve()
    this.#logs.set(added.metadata.name, {lines, closed})
    for (const send of this.#watches)
      send({type: 'MODIFIED', object: added as unknown as UnknownObject})
  }

  close(name: string): void {
    this.#logs.get(name)?.closed.resolve()
  }

  replaceLog(name: string, lines: readonly string[]): void {
    this.#logs.set(name, {lines, closed: Promise.withResolvers()})
  }

  endWatches(): void {
    for (const send of this.#watches) send(undefined)
  }

  send({path, query = {}, signal}: ApiRequest): Promise<ApiResponse> {
    const name = /\/pods\/([^/]+)\/log$/.exec(path)?.[1]
    if (name !== undefined) return Promise.resolve(this.#log(name, query, signal))
    const body = path.endsWith('/services/web')
      ? json({metadata: {name: 'web'}})
      : query['watch'] === undefined
        ? json({metadata: {resourceVersion: '1'}, items: [...this.#pods.values()]})
        : ({kind: 'watch', events: this.#events(signal)} as const)
    return Promise.resolve({status: 200, headers: {}, warnings: [], body})
  }

  #log(name: string, query: NonNullable<ApiRequest['query']>, signal?: AbortSignal): ApiResponse {
    this.logsAsked.push(`${name}/${String(query['container'])}`)
    this.sinceTimes.push(query['sinceTime'])
    const {lines = [], closed} = this.#logs.get(name) ?? {}
    if (lines instanceof Error) throw lines
    const text = lines.map((line) => `${line}\n`).join('')
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(text)
      const aborted = new Promise((resolve) => signal?.addEventListener('abort', resolve))
      await Promise.race([closed?.promise, aborted])
    }
    return {status: 200, headers: {}, warnings: [], body: {kind: 'bytes', chunks: chunks()}}
  }

  async *#events(signal?: AbortSignal): AsyncGenerator<WatchEvent> {
    const queue: (WatchEvent | undefined)[] = []
    let wake = (): void => undefined
    const send = (event: WatchEvent | undefined): void => {
      queue.push(event)
      wake()
    }
    this.#watches.add(send)
    signal?.addEventListener('abort', () => wake())
    while (!signal?.aborted) {
      if (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      else {
        const event = queue.shift()
        if (event === undefined) break
        yield event
      }
    }
    this.#watches.delete(send)
  }
}

function json(value: unknown) {
  return {kind: 'json', value} as const
}

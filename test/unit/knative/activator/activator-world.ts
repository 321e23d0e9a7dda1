/** An activator with pods that can be started, made ready and taken away. */
import {text} from 'node:stream/consumers'
import {ClusterNetwork} from '../../../../src/http/cluster-network.ts'
import type {Exchange, HttpHandler} from '../../../../src/http/exchange.ts'
import {callHandler} from '../../../../src/http/in-process.ts'
import {Activator, type ActivatorRevision} from '../../../../src/knative/activator/activator.ts'
import type {StatMessage} from '../../../../src/knative/activator/concurrency-reporter.ts'
import {FakeClock, settle} from '../../../../src/util/fake-clock.ts'

/** The one revision of these tests. */
export const KEY = 'default/hello-00001'

const REVISION: ActivatorRevision = {
  containerConcurrency: 0,
  limits: {totalMs: 300_000, responseStartMs: 0, idleMs: 0},
}

/** What a caller of the activator gets. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** A pod that answers with its address, at once or when it is told to. */
export class FakePod {
  readonly ip: string
  /** Exchanges that were not answered yet. */
  readonly waiting: Exchange[] = []
  ready = true
  isHeld = false
  most = 0
  readonly #finished: (() => void)[] = []

  constructor(ip: string) {
    this.ip = ip
  }

  readonly handler: HttpHandler = async (exchange) => {
    if (exchange.headers.get('k-network-probe') === 'queue') {
      exchange.respond(this.ready ? 200 : 503, this.ready ? 'queue' : '')
      return
    }
    this.waiting.push(exchange)
    this.most = Math.max(this.most, this.waiting.length)
    if (this.isHeld) await new Promise<void>((resolve) => this.#finished.push(resolve))
    this.waiting.splice(this.waiting.indexOf(exchange), 1)
    exchange.respond(200, this.ip)
  }

  /** Answers the one that waits longest. */
  finishOne(): void {
    this.#finished.shift()?.()
  }
}

/** The activator and its surroundings. */
export class World {
  readonly clock = new FakeClock()
  readonly network = new ClusterNetwork()
  readonly logs: Record<string, unknown>[] = []
  readonly stats: StatMessage[] = []
  readonly activator = new Activator({
    clock: this.clock,
    network: this.network,
    pod: {name: 'activator-7dbd76fdd8-gdmbd', ip: '10.244.0.3'},
    statSink: (messages) => this.stats.push(...messages),
    log: (line) => this.logs.push(JSON.parse(line)),
    random: () => 0.5,
  })

  /** Makes the revision known. */
  constructor(settings: Partial<ActivatorRevision> = {}) {
    this.activator.setRevision(KEY, {...REVISION, ...settings})
  }

  /** Starts a pod, without telling the activator. Returns what takes it away. */
  start(pod: FakePod): () => void {
    return this.network.bind(pod.ip, 8012, pod.handler)
  }

  /** Tells the activator which pods there are. */
  setBackends(ready: readonly FakePod[], notReady: readonly FakePod[] = []): void {
    this.activator.setBackends(KEY, [
      ...ready.map(({ip}) => ({ip, port: 8012, ready: true})),
      ...notReady.map(({ip}) => ({ip, port: 8012, ready: false})),
    ])
  }

  /** Sends a request for the revision. */
  async call(
    headers: Record<string, string> = {
      'knative-serving-revision': 'hello-00001',
      'knative-serving-namespace': 'default',
    },
    host = 'hello.example.com',
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await callHandler(this.activator.handler, {
      host,
      headers,
      nowMs: this.clock.now(),
      ...(signal !== undefined && {signal}),
    })
    return {status: response.status, body: await text(response.body)}
  }

  /** Messages of the log. */
  get messages(): unknown[] {
    return this.logs.map((line) => line['message'])
  }

  /** Starts `count` pods that hold what they get, all ready. */
  async startHolding(count: number): Promise<FakePod[]> {
    const pods = Array.from({length: count}, (_, at) => new FakePod(`10.244.1.${at + 1}`))
    for (const pod of pods) {
      pod.isHeld = true
      this.start(pod)
    }
    this.setBackends(pods)
    await settle()
    return pods
  }
}

import {DEFAULT_ROUTE_HEADER, ROUTE_TAG_HEADER} from '../../api/networking/headers.ts'
import type {HeaderFields} from '../../http/header-fields.ts'
import type {QueueProxyConfig} from './config.ts'

/** Upper ends of the buckets of response times, in milliseconds, as upstream. */
const BUCKETS_MS = [
  5, 10, 20, 40, 60, 80, 100, 150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1000,
  2000, 5000, 10_000, 20_000, 50_000, 100_000,
]

/** Labels without a value where a family has none, as Prometheus' own library writes them. */
const NO_RESPONSE = {response_code: '', response_code_class: ''}

type Labels = Readonly<Record<string, string>>

/**
 * Counts the requests of one pod and how long they took, for people.
 *
 * Those that waited in vain are requests, but none of the app's. Probes are neither: callers leave
 * them out.
 *
 * Counterpart of `pkg/queue/request_metric.go` in knative.dev/serving.
 */
export class RequestMetrics {
  readonly #revision: Labels
  readonly #requests = new Family()
  readonly #appRequests = new Family()
  #queueDepth: number | undefined

  constructor({namespace, service, configuration, revision, pod}: QueueProxyConfig) {
    this.#revision = {
      namespace_name: namespace,
      service_name: service === '' ? 'unknown' : service,
      configuration_name: configuration,
      revision_name: revision,
      pod_name: pod,
      container_name: 'queue-proxy',
    }
  }

  /** A request was answered, by whomever. See {@link routeTagOf}. */
  addRequest(status: number, routeTag: string, latencyMs: number): void {
    this.#requests.add(status, routeTag, latencyMs)
  }

  /** The container answered, or failed to. */
  addAppRequest(status: number, latencyMs: number): void {
    this.#appRequests.add(status, '', latencyMs)
  }

  /** How many run and wait, as the latest request found it. Not told where any number may run. */
  setQueueDepth(inFlight: number): void {
    this.#queueDepth = inFlight
  }

  /** As Prometheus reads it. Empty until there was a request. */
  render(): string {
    const depth = this.#queueDepth
    return [
      ...this.#renderFamily(
        'app_request',
        'The number of requests that are routed to user-container',
        this.#appRequests.series((response) => ({...this.#revision, ...response})),
      ),
      ...(depth === undefined ? [] : this.#renderQueueDepth(depth)),
      ...this.#renderFamily(
        'request',
        'The number of requests that are routed to queue-proxy',
        this.#requests.series((response, tag) => ({
          ...this.#revision,
          ...response,
          route_tag: tag,
        })),
      ),
    ].join('')
  }

  #renderQueueDepth(depth: number): string[] {
    const help =
      'The current number of items in the serving and waiting queue, or not reported if unlimited concurrency.'
    return [
      head('revision_queue_depth', help, 'gauge'),
      `revision_queue_depth{${labelsText({...this.#revision, ...NO_RESPONSE})}} ${depth}\n`,
    ]
  }

  #renderFamily(name: string, help: string, series: readonly [labels: string, Series][]): string[] {
    if (series.length === 0) return []
    const count = `revision_${name}_count`
    const latencies = `revision_${name}_latencies`
    return [
      head(count, help, 'counter'),
      ...series.map(([labels, {count: value}]) => `${count}{${labels}} ${value}\n`),
      head(latencies, 'The response time in millisecond', 'histogram'),
      ...series.map(([labels, one]) => one.renderHistogram(latencies, labels)),
    ]
  }
}

/**
 * Which tag of the route a request came by.
 *
 * | tag header | by the default route | label     |
 * | ---------- | -------------------- | --------- |
 * | none       | not told             | DISABLED  |
 * | none       | told                 | DEFAULT   |
 * | any        | `true`               | UNDEFINED |
 * | any        | else                 | the tag   |
 */
export function routeTagOf(headers: HeaderFields): string {
  const tag = headers.get(ROUTE_TAG_HEADER) ?? ''
  const byDefault = headers.get(DEFAULT_ROUTE_HEADER) ?? ''
  if (tag === '') return byDefault === '' ? 'DISABLED' : 'DEFAULT'
  return byDefault === 'true' ? 'UNDEFINED' : tag
}

/** Requests of one kind, by what they were answered and where they came from. */
class Family {
  readonly #series = new Map<string, {status: number; tag: string; values: Series}>()

  add(status: number, tag: string, latencyMs: number): void {
    const key = `${status} ${tag}`
    let one = this.#series.get(key)
    if (one === undefined) {
      one = {status, tag, values: new Series()}
      this.#series.set(key, one)
    }
    one.values.add(latencyMs)
  }

  /** In the order of their labels. */
  series(labelsOf: (response: Labels, tag: string) => Labels): [labels: string, Series][] {
    return [...this.#series.values()]
      .map(({status, tag, values}): [string, Series] => {
        const response = {
          response_code: `${status}`,
          response_code_class: `${Math.floor(status / 100)}xx`,
        }
        return [labelsText(labelsOf(response, tag)), values]
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  }
}

class Series {
  count = 0
  #sumMs = 0
  /** One more than there are ends: the last takes what is longer than all. */
  readonly #perBucket = new Uint32Array(BUCKETS_MS.length + 1)

  add(latencyMs: number): void {
    const wholeMs = Math.floor(latencyMs)
    const found = BUCKETS_MS.findIndex((endMs) => wholeMs < endMs)
    const bucket = found === -1 ? BUCKETS_MS.length : found
    this.#perBucket[bucket] = (this.#perBucket[bucket] ?? 0) + 1
    this.count += 1
    this.#sumMs += wholeMs
  }

  renderHistogram(name: string, labels: string): string {
    let below = 0
    const buckets = [...BUCKETS_MS, '+Inf'].map((end, index) => {
      below += this.#perBucket[index] ?? 0
      return `${name}_bucket{${labels},le="${end}"} ${below}\n`
    })
    return [
      ...buckets,
      `${name}_sum{${labels}} ${this.#sumMs}\n`,
      `${name}_count{${labels}} ${this.count}\n`,
    ].join('')
  }
}

function head(name: string, help: string, type: 'counter' | 'gauge' | 'histogram'): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')
}

import type {Exchange} from '../../http/exchange.ts'
import type {HeaderFields} from '../../http/header-fields.ts'

/** What became of one request, for access logs, counters and people who ask. */
export interface ExchangeRecord {
  readonly method: string
  readonly host: string
  readonly path: string
  /** `namespace/name` of the VirtualService; undefined when no route was found. */
  readonly route: string | undefined
  /** `namespace/name` of the Service it was led to, which has the name of its revision. */
  readonly destination: string | undefined
  /** The pod that answered, if it got that far. */
  readonly pod: string | undefined
  /** 0 when the client was gone before there was a response. */
  readonly status: number
  readonly bytesSent: number
  readonly startedAtMs: number
  readonly durationMs: number
  readonly phases: ExchangePhases
}

/** Where the time went, in milliseconds. */
export interface ExchangePhases {
  /** Waiting for the revision to have room, mostly for its first pod. Undefined off that path. */
  readonly activatorMs: number | undefined
  /** Waiting in the pod for a free slot. */
  readonly queueMs: number | undefined
  /** From the container's getting the request to the head of its response. */
  readonly containerMs: number | undefined
}

/**
 * The request field by which a client asks for the fields of {@link addTrace}; in the response it
 * says `answered` or `refused`.
 */
export const TRACE_HEADER = 'kntool-trace'

/** Works out the phases from the marks that components left on the exchange. */
function phasesOf(exchange: Exchange, headAtMs: number): ExchangePhases {
  const activatorMs = numberOf(exchange.notes['activatorWaitMs'])
  const proxiedAtMs = numberOf(exchange.notes['proxiedAtMs'])
  if (proxiedAtMs === undefined) {
    return {activatorMs, queueMs: undefined, containerMs: undefined}
  }
  return {
    activatorMs,
    queueMs: proxiedAtMs - exchange.receivedAtMs - (activatorMs ?? 0),
    containerMs: headAtMs - proxiedAtMs,
  }
}

/**
 * Adds to a response where the request was led, whether somebody there answered or the gateway, the
 * activator or a queue-proxy refused, and where the time went, in the form of `server-timing`.
 */
export function addTrace(headers: HeaderFields, exchange: Exchange, headAtMs: number): void {
  const {notes} = exchange
  const refused = notes['answeredLocally'] !== undefined
  headers.set(TRACE_HEADER, refused ? 'refused' : 'answered')
  for (const name of ['route', 'destination', ...(refused ? [] : ['pod'])]) {
    const value = notes[name]
    if (value !== undefined) headers.set(`kntool-${name}`, `${value}`)
  }
  const {activatorMs, queueMs, containerMs} = phasesOf(exchange, headAtMs)
  const timing = [
    ['activator', activatorMs],
    ['queue', queueMs],
    ['container', containerMs],
  ] as const
  const parts = timing.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name};dur=${ms}`]))
  if (parts.length > 0) headers.set('server-timing', parts.join(', '))
}

/** The record of an exchange that is settled. */
export function recordOf(
  exchange: Exchange,
  asked: {readonly method: string; readonly host: string; readonly path: string},
  times: {readonly headAtMs: number; readonly endAtMs: number},
): ExchangeRecord {
  const {notes} = exchange
  return {
    ...asked,
    route: textOf(notes['route']),
    destination: textOf(notes['destination']),
    pod: textOf(notes['pod']),
    status: exchange.status,
    bytesSent: exchange.bytesSent,
    startedAtMs: exchange.receivedAtMs,
    durationMs: times.endAtMs - exchange.receivedAtMs,
    phases: phasesOf(exchange, times.headAtMs),
  }
}

function numberOf(note: string | number | undefined): number | undefined {
  return typeof note === 'number' ? note : undefined
}

function textOf(note: string | number | undefined): string | undefined {
  return typeof note === 'string' ? note : undefined
}

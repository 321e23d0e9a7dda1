/** Compares what both ends of an exchange saw with what was sent. */
import {type Received, type SentRequest, TRAILERS} from './exchange-client.ts'
import type {Outcome} from './response-shapes.ts'
import type {SeenRequest} from './scripted-server.ts'

/** Both ends of one exchange. */
export interface BothEnds {
  readonly sent: SentRequest
  /** What the application saw; more than once where the request was sent again. */
  readonly asked: readonly SeenRequest[]
  readonly received: Received
  readonly outcome: Outcome
  /** Whether the application answered before it had read the request. */
  readonly isEarly: boolean
}

type Check = readonly [holds: boolean, complaint: string]

/** What is wrong with it; nothing, if all is well. */
export function complaintsAbout(ends: BothEnds): string[] {
  const {sent, asked, received} = ends
  const ofRequest = asked.flatMap((request) => checkRequest(request, sent))
  // Nobody waits for the answer of an aborted one.
  const checks =
    sent.mode === 'aborted'
      ? ofRequest
      : [...ofRequest, ...checkDelivery(ends), ...checkAnswer(ends)]
  const got = {...received, content: received.content.slice(0, 100)}
  return checks
    .filter(([holds]) => !holds)
    .map(([, complaint]) => `${sent.id}: ${complaint}; got ${JSON.stringify(got)}`)
}

function checkRequest(request: SeenRequest, sent: SentRequest): Check[] {
  const isWhole = request.body.length === sent.body.length
  return [
    [request.method === sent.method, `the method became ${request.method}`],
    [request.headers['x-bytes'] === sent.bytes, 'bytes of a field changed'],
    [sent.body.startsWith(request.body), 'bytes of the body changed'],
    [!request.isComplete || isWhole, `the body ended after ${request.body.length} bytes`],
  ]
}

/** A request that was answered after it was read was read once, and all of it. */
function checkDelivery({sent, asked, received, isEarly}: BothEnds): Check[] {
  if (isEarly || !isAnswer(received)) return []
  const [request] = asked
  const trailers = sent.mode === 'trailers' ? Object.entries(TRAILERS) : []
  return [
    [asked.length === 1, `it was asked ${asked.length} times`],
    [request?.body === sent.body && request.isComplete, 'the body did not arrive'],
    ...trailers.map(([name, value]): Check => [
      request?.trailers[name] === value,
      `trailer ${name} is lost`,
    ]),
  ]
}

/** An answer of the application's, whole. */
function isAnswer({isWhole, headers}: Received): boolean {
  return isWhole && headers['x-id'] !== undefined
}

function checkAnswer({sent, received, outcome}: BothEnds): Check[] {
  const isHead = sent.method === 'HEAD'
  const {status, isWhole, headers} = received
  const isOwn = !isAnswer(received) || headers['x-id'] === sent.id
  const own: Check = [isOwn, 'it got the answer of another one']
  switch (outcome.kind) {
    case 'failure': {
      const isSeen = [0, 502, 503].includes(status) || (status === 200 && !isWhole)
      // Without a body there is nothing to cut.
      return [own, [isHead || (isSeen && !isAnswer(received)), 'the failure does not show']]
    }
    case 'either':
      return isAnswer(received) ? [own, ...checkContent(received, outcome, isHead)] : [own]
    case 'answer':
      return [
        own,
        ...checkContent(received, outcome, isHead),
        ...matching('field', headers, outcome.fields),
        ...matching('trailer', received.trailers, isHead ? undefined : outcome.trailers),
      ]
  }
}

function checkContent(
  {status, isWhole, content}: Received,
  outcome: {readonly status: number; readonly content: string},
  isHead: boolean,
): Check[] {
  return [
    [status === outcome.status && isWhole, `the answer ${outcome.status} is not there`],
    [content === (isHead ? '' : outcome.content), 'the content of the answer changed'],
  ]
}

function matching(
  what: string,
  got: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, string>> = {},
): Check[] {
  return Object.entries(expected).map(([name, value]) => [
    got[name] === value,
    `${what} ${name} changed`,
  ])
}

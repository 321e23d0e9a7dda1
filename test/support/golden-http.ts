import {compareAnswers, documentOf, type Difference} from './golden-http-compare.ts'
import {sendHttp, type Exchange, type HttpAnswer, type HttpTarget} from './golden-http-recording.ts'
import {Substitution} from './golden-http-substitution.ts'

/** A cluster to replay against. */
export interface ReplayTarget extends HttpTarget {
  /** Lets this much of the cluster's time pass. */
  wait(durationMs: number): Promise<void>
}

/** What came of one exchange. */
export interface Replayed {
  readonly file: string
  readonly differences: readonly Difference[]
}

/** A read that the recording waited for is tried again this long (of the cluster's time). */
const PATIENCE_MS = 6000
const RETRY_MS = 400

/** Sends recorded requests in order and compares the answers. */
export async function replay(
  exchanges: readonly Exchange[],
  target: ReplayTarget,
): Promise<Replayed[]> {
  const substitution = new Substitution()
  const results: Replayed[] = []
  for (const exchange of exchanges) {
    const {file, request, delaySeconds} = exchange
    await target.wait(delaySeconds * 1000)
    const path = substitution.path(request.path)
    const body = substitution.body(request)
    const send = (): Promise<HttpAnswer> => sendWaiting(target, {...request, path}, body)
    let live = await send()
    let differences = compareAnswers(exchange, live)
    const isWaiting = delaySeconds > 0 && request.method === 'GET'
    for (let waited = 0; differences.length > 0 && isWaiting && waited < PATIENCE_MS;) {
      await target.wait(RETRY_MS)
      waited += RETRY_MS
      live = await send()
      differences = compareAnswers(exchange, live)
    }
    substitution.learn(documentOf(exchange.response), documentOf(live))
    results.push({file, differences})
  }
  return results
}

/** A watch ends by the cluster's clock, so that time has to pass while we read it. */
async function sendWaiting(
  target: ReplayTarget,
  request: Exchange['request'],
  body: Uint8Array | undefined,
): Promise<HttpAnswer> {
  const pending = sendHttp(target, request, body)
  const timeout = /[?&]timeoutSeconds=(\d+)/.exec(request.path)?.[1]
  if (timeout === undefined) return pending
  let isDone = false
  void pending.finally(() => {
    isDone = true
  })
  // The watch has to be open before its time begins to pass.
  for (let turn = 0; !isDone && turn < 100; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    await target.wait(Number(timeout) * 100)
  }
  return pending
}

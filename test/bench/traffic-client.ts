/** A client process: sends requests over kept-alive connections and counts what came back. */
import {Pool} from 'undici'

/** What the parent asks for. */
export interface TrafficOrder {
  readonly url: string
  readonly host: string
  readonly requests: number
  readonly connections: number
}

/** What became of the requests. */
export interface TrafficOutcome {
  /** By status and body. */
  readonly answers: Record<string, number>
  /** Requests that ended without an answer. */
  readonly lost: number
}

process.once('message', (order: TrafficOrder) => {
  void run(order).then((outcome) => {
    process.send?.(outcome)
    process.disconnect()
  })
})

async function run({url, host, requests, connections}: TrafficOrder): Promise<TrafficOutcome> {
  const pool = new Pool(url, {connections, pipelining: 1})
  const answers: Record<string, number> = {}
  let lost = 0
  let sent = 0
  const worker = async (): Promise<void> => {
    while (sent < requests) {
      sent += 1
      try {
        const {statusCode, body} = await pool.request({path: '/', method: 'GET', headers: {host}})
        const key = `${statusCode} ${(await body.text()).trim()}`
        answers[key] = (answers[key] ?? 0) + 1
      } catch {
        lost += 1
      }
    }
  }
  await Promise.all(Array.from({length: connections}, worker))
  await pool.close()
  return {answers, lost}
}

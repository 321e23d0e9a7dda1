import {compareTimes, type LogLine} from './log-line.ts'

/** The lines of several logs, each of which is in order, as one in the order of their times. */
export async function* mergeByTime(
  logs: readonly AsyncIterable<LogLine>[],
): AsyncGenerator<LogLine, void> {
  const iterators = logs.map((log) => log[Symbol.asyncIterator]())
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()))
  for (;;) {
    let first: number | undefined
    for (const [index, head] of heads.entries()) {
      if (head.done) continue
      const best = first === undefined ? undefined : heads[first]
      const isFirst =
        best === undefined || best.done || compareTimes(head.value.time, best.value.time) < 0
      if (isFirst) first = index
    }
    const head = first === undefined ? undefined : heads[first]
    const iterator = first === undefined ? undefined : iterators[first]
    if (first === undefined || head === undefined || head.done || iterator === undefined) return
    yield head.value
    heads[first] = await iterator.next()
  }
}

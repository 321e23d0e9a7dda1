import {messageOf} from '../../util/message-of.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {replay} from '../../knative/autoscaler/replay.ts'

/**
 * Decides again upon recorded load: one JSON record per line in, one line per record out, in the
 * same order. Empty lines are skipped. `source` names the text in errors.
 *
 * @throws KN_USAGE with the line and the field, at the first record that cannot be replayed; the
 *   lines before it have been handed out by then.
 */
export function* replayRecords(text: string, source: string): Generator<string> {
  let number = 0
  for (const line of linesOf(text)) {
    number += 1
    if (line.trim() !== '') yield `${replayLine(line, `${source}, line ${number}`)}\n`
  }
}

/** One by one: a recording may be large, and splitting it at once would hold it twice. */
function* linesOf(text: string): Generator<string> {
  let start = 0
  while (start < text.length) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    yield text.slice(start, end)
    start = end + 1
  }
}

function replayLine(line: string, place: string): string {
  try {
    return JSON.stringify(replay(JSON.parse(line)))
  } catch (cause) {
    const reason = messageOf(cause)
    throw new KntoolError('KN_USAGE', `${place}: ${reason}`, {cause})
  }
}

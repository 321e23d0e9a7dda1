/** `npm run quickstart`: what kntool is for, done for real on an embedded cluster, and told. */
import {
  exitCodeOf,
  type Interruption,
  interruption,
  listenForInterruptions,
} from '../cli/interruption.ts'
import {renderError} from '../cli/render-error.ts'
import {writeError} from '../cli/write-error.ts'
import {traceOf} from '../errors/trace.ts'
import {explainError} from '../operations/explain-error.ts'
import {Narrator} from './narrator.ts'
import {takeTour} from './tour.ts'

listenForInterruptions()
// Operations wait on a clock whose timers do not keep the process alive.
const alive = setInterval(() => undefined, 2 ** 30)
try {
  await takeTour(new Narrator((text) => void process.stdout.write(text)), interruption.signal)
} catch (error) {
  const explained = explainError(error)
  process.exitCode = explained.exitCode
  if (!interruption.signal.aborted) {
    writeError(renderError(explained))
    if (explained.cause !== undefined) writeError(`${traceOf(explained.cause)}\n`)
  }
} finally {
  clearInterval(alive)
}
if (interruption.signal.aborted) {
  process.exitCode = exitCodeOf(interruption.signal.reason as Interruption)
}

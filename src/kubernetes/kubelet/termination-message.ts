import type {Container} from '../../api/core/v1.ts'
import type {LogLine} from './log-buffer.ts'

const MAX_LINES = 80
const MAX_CHARACTERS = 2048

/**
 * The last words of a container: with the policy `FallbackToLogsOnError` the end of its log, if it
 * failed. A process has no `/dev/termination-log`, so the policy `File` gives nothing.
 */
export function terminationMessage(
  container: Pick<Container, 'terminationMessagePolicy'>,
  exitCode: number,
  lines: readonly LogLine[],
): string | undefined {
  if (container.terminationMessagePolicy !== 'FallbackToLogsOnError' || exitCode === 0) {
    return undefined
  }
  const text = lines
    .slice(-MAX_LINES)
    .map((line) => `${line.text}\n`)
    .join('')
    .slice(-MAX_CHARACTERS)
  return text === '' ? undefined : text
}

/** The course of an installation for programs: `--output ndjson`, see docs/install-events.md. */
import type {PipelineEvent} from '../../install/pipeline.ts'
import type {Step} from '../../install/step.ts'
import {explainError} from '../../operations/explain-error.ts'

/**
 * The first line: all steps, in order.
 *
 * @example
 *   {"time":"2024-04-22T00:00:00.000Z","type":"began","steps":[{"id":"domain","title":"Domain"}]}
 */
export function installBeginLine(
  steps: readonly Pick<Step, 'id' | 'title'>[],
  nowMs: number,
): string {
  return line({time: new Date(nowMs).toISOString(), type: 'began', steps})
}

/**
 * One event as a line of JSON.
 *
 * @example
 *   {"time":"2024-04-22T00:00:00.000Z","type":"finished","step":"domain","index":5,"total":9,"elapsedMs":12}
 */
export function installEventLine(event: PipelineEvent, nowMs: number): string {
  const {step, index, total, ...rest} = event
  const time = new Date(nowMs).toISOString()
  const head = {time, type: rest.type, step: step.id, index, total}
  if (rest.type === 'started') return line({...head, title: step.title})
  if (rest.type !== 'failed') return line({...head, ...rest})
  const {code, message, hints} = explainError(rest.error)
  return line({...head, error: {code, message, hints}})
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

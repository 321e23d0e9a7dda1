/** The course of an installation for programs: `--output ndjson`. */
import type {PipelineEvent} from '../install/pipeline.ts'
import {explainError} from '../operations/explain-error.ts'

/**
 * One event as a line of JSON. docs/install-events.md describes the fields.
 *
 * @example
 *   {"time":"2024-04-22T00:00:00.000Z","type":"finished","step":"domain","index":5,"total":9,"elapsedMs":12}
 */
export function installEventLine(event: PipelineEvent, nowMs: number): string {
  const {type, step, index, total} = event
  const head = {time: new Date(nowMs).toISOString(), type, step: step.id, index, total}
  return `${JSON.stringify({...head, ...payload(event)})}\n`
}

function payload(event: PipelineEvent): object {
  switch (event.type) {
    case 'started':
      return {title: event.step.title}
    case 'progress':
      return {message: event.message}
    case 'skipped':
      return {reason: event.reason}
    case 'finished':
      return {elapsedMs: event.elapsedMs}
    case 'failed': {
      const {code, message, hints} = explainError(event.error)
      return {error: {code, message, hints}}
    }
  }
}

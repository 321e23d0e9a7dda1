/** The course of an installation, for standard error. */
import type {PipelineEvent} from '../../install/pipeline.ts'

/**
 * Writes the course line by line.
 *
 * @example
 *   [2/9] Knative Serving
 *         waiting for the Deployment webhook (0 of 1 available)
 *         done in 3.1 s
 */
export function installProgressLines(
  write: (text: string) => void,
): (event: PipelineEvent) => void {
  return (event) => {
    const {step, index, total} = event
    const place = `[${index + 1}/${total}]`
    if (event.type === 'started') write(`${place} ${step.title}\n`)
    else write(`${' '.repeat(place.length)} ${progressText(event)}\n`)
  }
}

/** What an event says, in a few words. */
function progressText(event: Exclude<PipelineEvent, {type: 'started'}>): string {
  switch (event.type) {
    case 'progress':
      return event.message
    case 'waiting':
      return `waiting for ${event.for}${event.warning === undefined ? '' : `: ${event.warning}`}`
    case 'skipped':
      return `skipped: ${event.reason}`
    case 'finished':
      return `done in ${(event.elapsedMs / 1000).toFixed(1)} s`
    case 'failed':
      return 'failed'
  }
}

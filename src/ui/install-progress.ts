/** The course of an installation, for standard error. */
import type {PipelineEvent} from '../install/pipeline.ts'

/**
 * Writes the course line by line.
 *
 * @example
 *   [2/9] Knative Serving
 *         waiting for the Deployment webhook (0 of 1 available)
 *         done in 3.1 s
 *   [7/9] Network Load Balancer: skipped, no AWS here
 */
export function installProgressLines(
  write: (text: string) => void,
): (event: PipelineEvent) => void {
  return (event) => {
    const {step, index, total} = event
    const place = `[${index + 1}/${total}]`
    const indent = ' '.repeat(place.length)
    switch (event.type) {
      case 'started':
        return write(`${place} ${step.title}\n`)
      case 'progress':
        return write(`${indent} ${event.message}\n`)
      case 'skipped':
        return write(`${indent} skipped: ${event.reason}\n`)
      case 'finished':
        return write(`${indent} done in ${seconds(event.elapsedMs)}\n`)
      case 'failed':
        return write(`${indent} failed\n`)
    }
  }
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`
}

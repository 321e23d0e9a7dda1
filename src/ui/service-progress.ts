/** The course and the end of `service create` and its like, in kn's words. */
import type {
  ServiceObserver,
  ServiceOutcome,
  ServiceVerb,
} from '../operations/service/service-outcome.ts'

const BEGINNINGS: Readonly<Record<ServiceVerb, string>> = {
  created: 'Creating service',
  replaced: 'Replacing service',
  updated: 'Updating Service',
  applied: 'Applying service',
  imported: 'Importing service',
}

/**
 * Writes the course of an operation line by line, as kn does; `note` gets what kn does not say.
 *
 * @example
 *   Creating service 'hello' in namespace 'default':
 *
 *     0.102s The Route is still working to reflect the latest desired specification.
 *     0.278s ...
 *     2.303s Ready to serve.
 *
 */
export function serviceProgress(
  write: (text: string) => void,
  note: (text: string) => void,
): Required<ServiceObserver> {
  let previous: string | undefined
  return {
    onWaiting: (verb, {namespace, name}) =>
      write(`${BEGINNINGS[verb]} '${name}' in namespace '${namespace}':\n\n`),
    onMessage(elapsedMs, message) {
      write(progressLine(elapsedMs, message === previous ? '...' : message))
      previous = message
    },
    onReady: (elapsedMs) => write(`${progressLine(elapsedMs, 'Ready to serve.')}\n`),
    onWarning: (text) => write(`${text}\n`),
    onNotice: (text, advice) =>
      note([`${text}\n`, ...advice.map((line) => `  ${line}\n`)].join('')),
  }
}

/** The end of an operation: what was done, and where the Service is. */
export function renderServiceOutcome(outcome: ServiceOutcome): string {
  const {verb, namespace, name, changed, service} = outcome
  const revision = service.status?.latestReadyRevisionName ?? ''
  const place = `is available at URL:\n${service.status?.url ?? ''}\n`
  const unchanged = `Service '${name}' with latest revision '${revision}' (unchanged) ${place}`
  if (outcome.waited) {
    const sameRevision = verb === 'updated' && revision === outcome.previousRevision
    if (sameRevision && revision !== '') return unchanged
    return `Service '${name}' ${verb} to latest revision '${revision}' ${place}`
  }
  if (changed) return `Service '${name}' ${verb} in namespace '${namespace}'.\n`
  switch (verb) {
    case 'applied':
      return `No changes to apply to service '${name}'.\n${unchanged}`
    case 'replaced':
      return `Service '${name}' replaced in namespace '${namespace}' (unchanged).\n`
    case 'created':
    case 'imported':
    case 'updated':
      return `Service '${name}' ${verb} in namespace '${namespace}'.\nNo new revision has been created.\n`
  }
}

/** `  2.303s Ready to serve.` */
export function progressLine(elapsedMs: number, text: string): string {
  return `${(Math.round(elapsedMs) / 1000).toFixed(3).padStart(7)}s ${text}\n`
}

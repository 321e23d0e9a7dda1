/** What `uninstall` says. */
import type {UninstallOutcome, UninstallPlan} from '../../operations/install/uninstall.ts'
import {renderPlanned} from './install-text.ts'

/** A plan as text, in the signs of `install plan`. */
export function renderUninstallPlan({
  cluster,
  knativeVersion,
  steps,
  warnings,
}: UninstallPlan): string {
  if (steps.length === 0) return `Knative is not installed on ${cluster}.\n`
  const title = `Plan to uninstall Knative ${knativeVersion} from ${cluster}:`
  return renderPlanned(title, steps, warnings)
}

/** What came of an uninstallation, and what is left. */
export function renderUninstalled({cluster, steps, warnings, left}: UninstallOutcome): string {
  if (steps.length === 0) return `Knative is not installed on ${cluster}.`
  const stays = steps.filter(({state}) => state === 'skipped')
  return [
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...stays.map(({title, reason}) => `${title}: ${reason}.`),
    `Uninstalled from ${cluster}.`,
    ...(left.length === 0
      ? ['Nothing else is left.']
      : ['Left behind:', ...left.map((one) => `  ${one}`)]),
  ].join('\n')
}

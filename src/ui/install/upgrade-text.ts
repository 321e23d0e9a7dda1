/** What `upgrade` says. */
import type {UpgradeOutcome, UpgradePlan} from '../../operations/install/upgrade.ts'
import {renderPlanned} from './install-text.ts'

/** A plan as text, in the signs of `install plan`. */
export function renderUpgradePlan({cluster, from, to, hops, steps, warnings}: UpgradePlan): string {
  if (hops.length === 0) return `Knative ${from} on ${cluster} is ${to} already.\n`
  const title = `Plan to upgrade Knative on ${cluster}: ${[from, ...hops].join(' → ')}`
  return renderPlanned(title, steps, warnings)
}

/** What came of an upgrade. */
export function renderUpgraded({cluster, from, to, hops, warnings}: UpgradeOutcome): string {
  return [
    ...warnings.map((warning) => `Warning: ${warning}`),
    hops.length === 0
      ? `Knative ${from} on ${cluster} is ${to} already.`
      : `Knative on ${cluster} is upgraded: ${[from, ...hops].join(' → ')}.`,
  ].join('\n')
}

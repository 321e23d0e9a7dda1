/** What `install` and its relatives say. */
import type {InstallOutcome, InstallPlan} from '../operations/install/install.ts'

/**
 * A plan as text.
 *
 * @example
 *   Plan for the embedded cluster, domain knative.example.com:
 *
 *   Domain
 *     ~ configmap/config-domain  +knative.example.com -localhost
 *   Network Load Balancer: skipped, no AWS here
 *
 *   1 to change, 98 as they should be.
 */
export function renderPlan(plan: InstallPlan): string {
  const lines = [`Plan for ${plan.cluster}, domain ${plan.domain}:`, '']
  const counts = {create: 0, change: 0, none: 0}
  for (const {title, skipped, changes} of plan.steps) {
    for (const {action} of changes) counts[action] += 1
    const shown = changes.filter(({action}) => action !== 'none')
    if (skipped !== undefined) lines.push(`${title}: skipped, ${skipped}`)
    else if (shown.length === 0) lines.push(`${title}: nothing to do`)
    else lines.push(title)
    for (const {action, object, detail} of shown) {
      const suffix = detail === undefined ? '' : `  ${detail}`
      lines.push(`  ${action === 'create' ? '+' : '~'} ${object}${suffix}`)
    }
  }
  const {create, change, none} = counts
  lines.push('', `${create} to create, ${change} to change, ${none} as they should be.`)
  return `${lines.join('\n')}\n`
}

/** What to do with what was just installed. */
export function renderWhatNext({domain, cluster}: InstallOutcome): string {
  return [
    `Knative is installed on ${cluster}; services get URLs under ${domain}.`,
    '  Try: kntool service create hello --image ghcr.io/knative/helloworld-go',
  ].join('\n')
}

/** What `install` and its relatives say. */
import type {InstallOutcome, InstallPlan} from '../../operations/install/install.ts'
import type {PlannedStepOutcome} from '../../operations/install/run-steps.ts'

const SIGNS = {create: '+', change: '~', delete: '-', call: '>', none: ' '} as const

/**
 * A plan as text: `+` is created, `~` changed, `-` deleted, `>` asked of AWS.
 *
 * @example
 *   Plan for the embedded cluster, domain knative.example.com, manifests embedded:
 *
 *   Domain
 *     ~ configmap/config-domain  +knative.example.com -localhost
 *   Load balancer: skipped, no AWS here
 *
 *   1 to change, 98 as they should be.
 */
export function renderPlan({cluster, domain, manifests, steps}: InstallPlan): string {
  const title = `Plan for ${cluster}, domain ${domain}, manifests of ${manifests}:`
  return renderPlanned(title, steps)
}

/** A plan of any kind under its title: its steps, what to think of before, and how much it is. */
export function renderPlanned(
  title: string,
  steps: readonly PlannedStepOutcome[],
  warnings: readonly string[] = [],
): string {
  return [
    title,
    '',
    ...renderSteps(steps),
    '',
    ...warnings.map((warning) => `! ${warning}`),
    `${countChanges(steps)}.`,
    '',
  ].join('\n')
}

function renderSteps(steps: readonly PlannedStepOutcome[]): string[] {
  return steps.flatMap(({title, skipped, changes, risks, warnings}) => {
    if (skipped !== undefined) return [`${title}: skipped, ${skipped}`]
    const shown = changes.filter(({action}) => action !== 'none')
    const nothing = shown.length === 0 && risks.length === 0 && warnings.length === 0
    if (nothing) return [`${title}: nothing to do`]
    return [
      title,
      ...shown.flatMap(({action, object, detail, diff = []}) => [
        `  ${SIGNS[action]} ${object}${detail === undefined ? '' : `  ${detail}`}`,
        ...diff.map((line) => `      ${line}`),
      ]),
      ...risks.map((risk) => `  ! ${risk}`),
      ...warnings.map((warning) => `  ? ${warning}`),
    ]
  })
}

const COUNTED = [
  ['create', 'to create'],
  ['change', 'to change'],
  ['delete', 'to delete'],
  ['call', 'to ask of AWS'],
  ['none', 'as they should be'],
] as const

/** `1 to change, 98 as they should be`. */
function countChanges(steps: readonly PlannedStepOutcome[]): string {
  const actions = steps.flatMap(({changes}) => changes.map(({action}) => action))
  const counts = COUNTED.flatMap(([action, text]) => {
    const count = actions.filter((one) => one === action).length
    return count === 0 ? [] : [`${count} ${text}`]
  })
  return counts.length === 0 ? 'Nothing to do' : counts.join(', ')
}

/** What came of an installation, and what to do with it. */
export function renderWhatNext({domain, cluster, warnings = []}: InstallOutcome): string {
  return [
    ...warnings.map((warning) => `Warning: ${warning}`),
    `Knative is installed on ${cluster}; services get URLs under ${domain}.`,
    '  Try: kntool service create hello --image ghcr.io/knative/helloworld-go',
  ].join('\n')
}

/** The question before something may be lost. */
export function renderRisks(risks: readonly string[]): string {
  return ['This would be lost or interrupted:', ...risks.map((risk) => `  ! ${risk}`), ''].join(
    '\n',
  )
}

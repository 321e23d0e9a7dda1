/** What an installation asks before its first write. */
import type {InstallSettings} from '../install/settings.ts'
import type {Obstacle, PreflightResult} from '../install/steps/preflight-step.ts'
import {ALL_CHECKS} from './all-checks.ts'
import type {Finding} from './run-checks.ts'

/** The checks that mean something before anything is installed. */
export const PREFLIGHT_CHECKS = ALL_CHECKS.filter(({beforeInstall}) => beforeInstall)

/** Those of them that an upgrade asks: it touches neither the load balancer nor any record. */
export const UPGRADE_CHECKS = PREFLIGHT_CHECKS.filter(({id}) =>
  [
    'deletions',
    'permissions',
    'existing-knative',
    'stored-versions',
    'load-balancer-controller',
  ].includes(id),
)

/**
 * What findings are to an installation. Without waiting, nobody looks at names, so that nothing about
 * them stops it.
 *
 * | finding              | about the zone or record, which kntool is to make | else       |
 * |----------------------|----------------------------------------------------|------------|
 * | error                | obstacle                                           | obstacle   |
 * | forbidden, unknown   | obstacle                                           | a warning  |
 * | warning              | a warning                                          | a warning  |
 * | ok, skipped          | nothing                                            | nothing    |
 */
export function judgeFindings(
  findings: readonly Finding[],
  {dns, wait}: Pick<InstallSettings, 'dns' | 'wait'>,
): PreflightResult {
  const obstacles: Obstacle[] = []
  const warnings: string[] = []
  for (const finding of findings) {
    const {result, category, title, message = title, stopsInstall = true} = finding
    const stops = stopsInstall && (wait || category !== 'dns')
    const needsAws = category === 'dns' && dns === 'route53'
    const isUnread = result === 'forbidden' || result === 'unknown'
    const isFatal = result === 'error' || (isUnread && needsAws)
    if (isFatal && stops) obstacles.push(toObstacle(finding))
    else if (isUnread) warnings.push(`Unchecked: ${title}: ${message}`)
    else if (result === 'warning' || isFatal) warnings.push(message)
  }
  return {obstacles: distinct(obstacles), warnings: [...new Set(warnings)]}
}

function toObstacle({title, message = title, hint, command, code, id}: Finding): Obstacle {
  return {
    check: id,
    message,
    hints: [hint, command].filter((text) => text !== undefined),
    code: code ?? 'KN_UNSUITABLE',
  }
}

// Several checks ask AWS, and all of them meet the same refusal.
function distinct(obstacles: readonly Obstacle[]): Obstacle[] {
  return obstacles.filter(
    ({message}, index) => obstacles.findIndex((other) => other.message === message) === index,
  )
}

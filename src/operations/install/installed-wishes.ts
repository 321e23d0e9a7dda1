import {DEFAULT_NLB} from '../../install/gateway/nlb-settings.ts'
import {
  DEFAULT_TIMEOUTS,
  defaultWishes,
  type InstallSettings,
  type InstallWishes,
} from '../../install/settings.ts'

/**
 * The wishes that settle to the settings of an installation that is there; without settings, to those
 * that leave the gateway and its record as somebody else made them.
 *
 * Everything is waited for: what comes after an installation is only right in its order.
 */
export function installedWishes(
  settings: InstallSettings | undefined,
  stepMs: number,
): InstallWishes {
  const timeouts = {...DEFAULT_TIMEOUTS, stepMs}
  if (settings === undefined) {
    return {...defaultWishes(''), domains: [], loadBalancer: 'service', dns: 'none', timeouts}
  }
  const {loadBalancer, ...rest} = settings
  return {
    ...rest,
    loadBalancer: loadBalancer.kind,
    nlb: loadBalancer.kind === 'nlb' ? loadBalancer.nlb : DEFAULT_NLB,
    wait: true,
    timeouts,
  }
}

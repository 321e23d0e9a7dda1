import type {InstallContext, Step} from './step.ts'
import {configStep} from './steps/config-step.ts'
import {dnsStep} from './steps/dns-step.ts'
import {domainStep} from './steps/domain-step.ts'
import {gatewayStep} from './steps/gateway-step.ts'
import {loadBalancerStep} from './steps/load-balancer-step.ts'
import {type Preflight, preflightStep} from './steps/preflight-step.ts'
import {releaseFilesStep} from './steps/release-files-step.ts'
import {beginStep, endStep} from './steps/record-step.ts'
import {
  istioCrdsStep,
  istioStep,
  netIstioStep,
  servingCoreStep,
  servingCrdsStep,
  servingHpaStep,
} from './steps/release-steps.ts'
import {smokeTestStep} from './steps/smoke-test-step.ts'

/**
 * The steps of an installation in the order that works: CRDs before what uses them, Serving's
 * webhook ready before net-istio, whose Certificate it must admit.
 *
 * @param preflight what is asked before the first write; nothing without it.
 */
export function installSteps(
  {target, settings}: Pick<InstallContext, 'target' | 'settings'>,
  preflight?: Preflight,
): Step[] {
  // An embedded cluster always has Knative: nothing has to be remembered about it.
  const isRecorded = target === 'cluster'
  return [
    releaseFilesStep,
    ...(preflight === undefined ? [] : [preflightStep(preflight)]),
    servingCrdsStep,
    servingCoreStep,
    ...(isRecorded ? [beginStep] : []),
    ...(settings.withHpa ? [servingHpaStep] : []),
    istioCrdsStep,
    gatewayStep,
    istioStep,
    netIstioStep,
    domainStep,
    configStep,
    loadBalancerStep,
    dnsStep,
    smokeTestStep,
    ...(isRecorded ? [endStep] : []),
  ]
}

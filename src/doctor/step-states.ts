/** How far an installation has come, by what the cluster shows. */
import {embeddedDefinitions} from '../install/embedded-definitions.ts'
import {judgeCrds} from '../install/ready/crds.ts'
import {ALL_CHECKS} from './all-checks.ts'
import {type Check, defineCheck, failed, ok, type Verdict} from './check.ts'
import {COMPONENTS, judgeComponents} from './checks/knative-checks.ts'
import type {Patient} from './patient.ts'
import {type Finding, runChecks} from './run-checks.ts'

/** Whether what a step brings is there. */
export interface StepState {
  /** The step's id in the pipeline. */
  readonly id: string
  readonly title: string
  /** `unknown`: it may not be read, or nobody answered. */
  readonly state: 'done' | 'open' | 'skipped' | 'unknown'
  /** What is missing, or why it does not matter here. */
  readonly message?: string
}

/** What of the cluster stands for each step, in the order of the steps. */
const STEP_CHECKS: readonly Check[] = [
  definitionsCheck('serving-crds', 'Kinds of Knative Serving', 'serving'),
  componentsCheck('serving-core', 'Knative Serving'),
  definitionsCheck('istio-crds', 'Kinds of Istio', 'istio'),
  defineCheck({
    id: 'gateway',
    category: 'load-balancer',
    title: 'Service of the gateway',
    reads: ['services'],
    read: ({readings}) => readings.gateway(),
    judge: (service) => (service === undefined ? absent('the Service of the gateway') : ok()),
  }),
  componentsCheck('istio', 'Istio'),
  componentsCheck('net-istio', 'net-istio'),
  existing('domain', 'Domain', 'domain'),
  existing('load-balancer', 'Load balancer', 'gateway-address'),
  existing('dns', 'Wildcard DNS record', 'record'),
]

/** How each step of an installation stands. */
export async function readStepStates(patient: Patient): Promise<StepState[]> {
  const findings = await runChecks(STEP_CHECKS, patient)
  return findings.map(({id, title, result, message}) => ({
    id,
    title,
    state: STATES[result],
    ...(message !== undefined && {message}),
  }))
}

const STATES: Readonly<Record<Finding['result'], StepState['state']>> = {
  ok: 'done',
  // Something may go wrong, but it is there.
  warning: 'done',
  error: 'open',
  skipped: 'skipped',
  forbidden: 'unknown',
  unknown: 'unknown',
}

function componentsCheck(id: keyof typeof COMPONENTS, title: string): Check {
  return defineCheck({
    id,
    category: 'knative',
    title,
    reads: ['deployments.apps'],
    needs: ['running'],
    read: ({readings}) => readings.deployments(),
    judge: (deployments) => judgeComponents(deployments, COMPONENTS[id]),
  })
}

function definitionsCheck(id: string, title: string, of: 'serving' | 'istio'): Check {
  return defineCheck({
    id,
    category: 'knative',
    title,
    reads: ['customresourcedefinitions.apiextensions.k8s.io'],
    read: ({readings}) => readings.definitions(),
    judge(definitions): Verdict {
      const names = embeddedDefinitions(of).map(({metadata}) => metadata.name)
      const poll = judgeCrds(names, definitions)
      return poll.done ? ok(...names) : absent(poll.waitingFor)
    },
  })
}

/** A check of the doctor under the id and title of a step. */
function existing(id: string, title: string, check: string): Check {
  const found = ALL_CHECKS.find((one) => one.id === check)
  if (found === undefined) throw new Error(`there is no check ${check}`)
  return {...found, id, title}
}

function absent(what: string): Verdict {
  return failed({message: `There is not yet ${what}.`})
}

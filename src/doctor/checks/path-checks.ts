/** Whether a request finds its way: the name, the load balancer, the gateway, the services. */
import {getCondition, isTrue} from '../../api/condition-set.ts'
import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import type {Service} from '../../api/serving/v1.ts'
import {SERVICES} from '../../api/serving/v1.ts'
import {hasReason} from '../../api/meta/status-error.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {gatewayAddress} from '../../install/gateway/find-gateway.ts'
import type {ProbeAnswer} from '../../install/network.ts'
import {readSmokeTest} from '../../install/steps/smoke-test-step.ts'
import {defaultDomain} from '../../install/settings.ts'
import {messageOf} from '../../util/message-of.ts'
import {type Check, defineCheck, failed, ok, skipped, type Verdict, warned} from '../check.ts'

/** A name that is nobody's Service, so that only the wildcard can answer for it. */
const PROBE_LABEL = 'kntool-probe'
const PROBE_TIMEOUT_MS = 5000

/** What this machine's resolver says of a name below the domain. */
export function judgeResolution({
  host,
  addresses,
  isInternal,
}: {
  host: string
  addresses: readonly string[]
  isInternal: boolean
}): Verdict {
  if (addresses.length > 0) return ok(`${host} is ${addresses.join(', ')}`)
  const where = host.split('.').slice(1).join('.')
  if (isInternal) return skipped('the names are for inside the VPC')
  return failed({
    message: `This machine does not resolve ${host}.`,
    hint: 'A name that was asked for too early is remembered as missing for some minutes.',
    command: `dig ${host} @8.8.8.8; kntool doctor --only record,hosted-zone  # ${where}`,
  })
}

/** What came of a request: an answer, or why there was none. */
export interface Answer {
  readonly where: string
  readonly answer?: ProbeAnswer
  readonly problem?: string
}

/**
 * What an answer to a request for a host without any route tells: 404 of Envoy is the best there is.
 *
 * | answer            | verdict                                       |
 * |-------------------|-----------------------------------------------|
 * | of Envoy          | ok                                            |
 * | of somebody else  | error: the address is not the gateway's       |
 * | none              | error: what is between is closed              |
 */
export function judgeAnswer({where, answer, problem}: Answer): Verdict {
  if (answer === undefined) {
    return failed({
      message: `The gateway does not answer at ${where}: ${problem ?? 'no answer'}`,
      hint: 'The name is right, the way is closed: security groups, source ranges, targets.',
      command: 'kntool doctor --only targets,load-balancer-state',
    })
  }
  const {server = 'unknown'} = answer.headers
  return server.includes('envoy')
    ? ok(`${where}: ${answer.status} by ${server}`)
    : failed({
        message: `Who answers at ${where} (${answer.status}) is ${server}, not the gateway.`,
        command: 'kntool doctor --only record',
      })
}

interface Rule {
  readonly fits: RegExp
  readonly hint: string
  readonly command: string
}

/** What the conditions of Services mean. */
const SERVICE_RULES: readonly Rule[] = [
  {
    fits: /Unable to fetch image|failed to resolve image to digest/,
    hint: 'The controller of Knative has to read the registry: a pull secret, or the role of its nodes.',
    command: `kubectl logs deployment/controller -n ${SYSTEM_NAMESPACE} --tail=20`,
  },
  {
    fits: /IngressNotConfigured|Ingress has not yet been reconciled|Uninitialized/,
    hint: 'net-istio does not take the ingress up: its pod, its class, or its lease.',
    command: `kubectl logs deployment/net-istio-controller -n ${SYSTEM_NAMESPACE} --tail=20`,
  },
  {
    fits: /Waiting for load balancer to be ready|LoadBalancerNotReady/,
    hint: 'net-istio does not reach the pods of the gateway on 8080: a NetworkPolicy, or strict mTLS.',
    command: `kubectl logs deployment/net-istio-controller -n ${SYSTEM_NAMESPACE} --tail=20`,
  },
]

/** Services that are not Ready, and what their conditions say. */
export function judgeServices(services: readonly Service[]): Verdict {
  const bad = services.filter(({status}) => getCondition(status, 'Ready')?.status === 'False')
  const pending = services.filter(
    ({status}) => !isTrue(status, 'Ready') && getCondition(status, 'Ready')?.status !== 'False',
  )
  const [first] = [...bad, ...pending]
  if (first === undefined) return ok(`${services.length} services are Ready`)
  const tell = ({metadata, status}: Service): string => {
    const {reason = 'Unknown', message = ''} =
      status?.conditions?.find((condition) => condition.status !== 'True') ?? {}
    return `${metadata.namespace}/${metadata.name} ${reason}${message === '' ? '' : `: ${message}`}`
  }
  const evidence = [...bad, ...pending].map(tell)
  const text = evidence[0] ?? ''
  const rule = SERVICE_RULES.find(({fits}) => fits.test(text))
  const {name, namespace} = first.metadata
  return warned({
    message: `${bad.length + pending.length} of ${services.length} services are not Ready: ${text}`,
    evidence,
    ...(rule !== undefined && {hint: rule.hint}),
    command: rule?.command ?? `kntool service describe ${name} -n ${namespace}`,
  })
}

/** What the API server says about a Service that would be created. */
export function judgeAdmission(refusal: string | undefined): Verdict {
  if (refusal === undefined) return ok()
  if (refusal.includes('does not support dry run')) return skipped(refusal)
  if (/deadline exceeded|Client\.Timeout|i\/o timeout/.test(refusal)) {
    return failed({
      message: `The API server cannot reach the webhook of Knative: ${refusal}`,
      hint: 'The security group of the nodes has to let the control plane in on 8443 (and 9443, 15017).',
      command: 'aws eks describe-cluster --name CLUSTER --query cluster.resourcesVpcConfig',
    })
  }
  return failed({
    message: `The API server would refuse a Service: ${refusal}`,
    command: 'kntool doctor --only webhooks,pods',
  })
}

export const PATH_CHECKS: readonly Check[] = [
  defineCheck({
    id: 'admission',
    category: 'services',
    title: 'The API server would take a Service',
    reads: ['services.serving.knative.dev (dry run)'],
    needs: ['knative'],
    async read({readings}): Promise<string | undefined> {
      try {
        await readings.client.create(SERVICES, readSmokeTest(), {dryRun: true})
        return undefined
      } catch (error) {
        if (hasReason(error, 'Forbidden') && !messageOf(error).includes('webhook')) throw error
        return messageOf(error)
      }
    },
    judge: judgeAdmission,
  }),
  defineCheck({
    id: 'resolution',
    category: 'dns',
    title: 'This machine resolves the names of services',
    reads: ['A and AAAA of a name below the domain'],
    needs: ['real-cluster', 'record', 'domain', 'address'],
    async read({dns, settings}) {
      const host = `${PROBE_LABEL}.${defaultDomain(settings)}`
      const {loadBalancer} = settings
      const isInternal = loadBalancer.kind === 'nlb' && loadBalancer.nlb.scheme === 'internal'
      return {host, addresses: await dns.addresses(host), isInternal}
    },
    judge: judgeResolution,
  }),
  defineCheck({
    id: 'gateway-answers',
    category: 'load-balancer',
    title: 'The gateway answers through the load balancer',
    reads: ['GET http://ADDRESS/'],
    needs: ['real-cluster', 'domain', 'address'],
    async read({readings, probe, settings}): Promise<Answer> {
      const where = gatewayAddress(await readings.gateway()) ?? ''
      try {
        const answer = await probe(`http://${PROBE_LABEL}.${defaultDomain(settings)}/`, {
          route: {kind: 'host', host: where},
          timeoutMs: PROBE_TIMEOUT_MS,
        })
        return {where, answer}
      } catch (error) {
        if (!(error instanceof KntoolError)) throw error
        return {where, problem: error.message}
      }
    },
    judge: judgeAnswer,
  }),
  defineCheck({
    id: 'services-ready',
    category: 'services',
    title: 'Services are Ready',
    reads: ['services.serving.knative.dev'],
    needs: ['knative'],
    read: ({readings}) => readings.services(),
    judge: judgeServices,
  }),
]

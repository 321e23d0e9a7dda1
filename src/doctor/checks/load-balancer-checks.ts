/** Whether somebody makes the load balancer of the gateway, and whether it works. */
import type {Deployment, EndpointSlice} from '../../api/apps/v1.ts'
import type {CoreService, Event} from '../../api/core/v1.ts'
import {
  NLB_ANNOTATIONS,
  unknownAnnotations,
} from '../../aws/load-balancer-controller/annotations.ts'
import {explainBalancerEvent} from '../../aws/load-balancer-controller/explain-event.ts'
import {findController} from '../../aws/load-balancer-controller/find-controller.ts'
import {
  CLOUD_PROVIDER_FINALIZER,
  serviceHandler,
} from '../../aws/load-balancer-controller/service-handler.ts'
import {
  type BalancerVerdict,
  judgeBalancer,
  judgeTargets,
  targetGroupOf,
  targetHint,
  type WantedBalancer,
} from '../../aws/load-balancers/judge.ts'
import {regionOf} from '../../aws/load-balancers/hostnames.ts'
import type {Listener, LoadBalancer, TargetHealth} from '../../aws/load-balancers/load-balancers.ts'
import {gatewayAddress} from '../../install/gateway/find-gateway.ts'
import {GATEWAY} from '../../install/gateway/gateway-service.ts'
import {newestWarning} from '../../install/ready/pods.ts'
import {countEndpoints} from '../../install/ready/webhooks.ts'
import {type Check, defineCheck, failed, ok, skipped, type Verdict, warned} from '../check.ts'
import type {Patient} from '../patient.ts'

const NAME = `${GATEWAY.namespace}/${GATEWAY.name}`
const DESCRIBE = `kubectl describe service ${GATEWAY.name} -n ${GATEWAY.namespace}`
const WEBHOOK_SERVICE = 'aws-load-balancer-webhook-service'
const SERVICE_WEBHOOK = 'mservice.elbv2.k8s.aws'
const HTTP_PORT = 80

interface Controller {
  readonly deployments: readonly Deployment[]
  readonly slices: readonly EndpointSlice[]
  /** Whether its webhook stands before the creation of every Service. */
  readonly hasWebhook: boolean
  /** Whether the load balancer has to be there at the end. */
  readonly insists: boolean
}

/**
 * Whether the AWS Load Balancer Controller can make the load balancer.
 *
 * | controller    | its webhook is configured | verdict                                            |
 * |---------------|---------------------------|----------------------------------------------------|
 * | absent        | –                         | error if somebody waits for an NLB, else a warning |
 * | not available | yes                       | error: no Service can be created in the cluster    |
 * | not available | no                        | as absent                                          |
 * | available     | yes, without an endpoint  | error: no Service can be created in the cluster    |
 * | available     | else                      | ok                                                 |
 */
export function judgeController({deployments, slices, hasWebhook, insists}: Controller): Verdict {
  const found = findController(deployments)
  const judge = insists ? failed : warned
  if (found === undefined) {
    return judge({
      message:
        'There is no AWS Load Balancer Controller in this cluster: nobody would make the NLB.',
      hint: 'Install it, or take what the cluster gives: --load-balancer service',
      command:
        'helm install aws-load-balancer-controller eks/aws-load-balancer-controller -n kube-system --set clusterName=CLUSTER',
      code: 'KN_NOT_READY',
    })
  }
  const {name, namespace, version = 'of an unknown version', available} = found
  const logs = `kubectl logs deployment/${name} -n ${namespace}`
  const webhook = countEndpoints(slices, {namespace, name: WEBHOOK_SERVICE})
  if (hasWebhook && webhook.ready === 0) {
    return failed({
      message: `${WEBHOOK_SERVICE} has no ready endpoint (0 of ${webhook.total}): every creation of a Service in this cluster fails.`,
      hint: `The AWS Load Balancer Controller ${namespace}/${name} has to run.`,
      command: logs,
      code: 'KN_NOT_READY',
    })
  }
  if (available === 0) {
    return judge({
      message: `The AWS Load Balancer Controller ${namespace}/${name} has no pod that is available.`,
      command: logs,
      code: 'KN_NOT_READY',
    })
  }
  return ok(`${namespace}/${name} ${version}`)
}

/** Who makes the load balancer of the Service that is there. */
export function judgeHandler(service: CoreService | undefined): Verdict {
  if (service === undefined) return skipped('the gateway has no Service yet')
  const address = gatewayAddress(service)
  switch (serviceHandler(service)) {
    case 'load-balancer-controller':
      return ok('the AWS Load Balancer Controller')
    case 'none':
      return skipped('the gateway is reachable within the cluster only')
    case 'other-class':
      return warned({
        message: `${NAME} has the class ${service.spec.loadBalancerClass}: the annotations for the AWS Load Balancer Controller count for nothing.`,
        hint: 'Leave the load balancer to that controller: --load-balancer service',
      })
    case 'nobody':
      return failed({
        message:
          'aws-load-balancer-type=external needs aws-load-balancer-nlb-target-type; nobody will create a load balancer.',
        command: 'kntool install --domain DOMAIN',
      })
    case 'cloud-provider-nlb':
    case 'cloud-provider-classic': {
      const held = service.metadata.finalizers?.includes(CLOUD_PROVIDER_FINALIZER) ?? false
      if (address === undefined && !held) return skipped('no load balancer has been made yet')
      return warned({
        message: `${NAME} has a load balancer of the cloud provider, ${address ?? 'not yet with an address'}: the annotation type=external would leak it.`,
        hint: 'kntool lets it be deleted first, and asks before: the address changes.',
        command: 'kntool install plan --domain DOMAIN',
      })
    }
  }
}

/** What is odd about the annotations of the Service that is there. */
export function judgeAnnotations(service: CoreService | undefined): Verdict {
  const annotations = service?.metadata.annotations ?? {}
  const scheme = annotations[NLB_ANNOTATIONS.scheme]
  const internal = annotations[NLB_ANNOTATIONS.internal]
  if (scheme !== undefined && internal !== undefined) {
    return warned({
      message: `aws-load-balancer-internal=${internal} beside aws-load-balancer-scheme=${scheme}: only the scheme counts.`,
      command: `kubectl annotate service ${GATEWAY.name} -n ${GATEWAY.namespace} ${NLB_ANNOTATIONS.internal}-`,
    })
  }
  const unknown = unknownAnnotations(annotations)
  const [first] = unknown
  if (first === undefined) return ok()
  return warned({
    message: `Nobody reads the annotation ${first}.`,
    evidence: unknown,
    hint: 'It is misspelt, or of another controller.',
    command: `kubectl annotate service ${GATEWAY.name} -n ${GATEWAY.namespace} ${first}-`,
  })
}

/** Whether the Service has an address, and if not, what its maker says. */
export function judgeAddress({
  service,
  events,
}: {
  service: CoreService | undefined
  events: readonly Event[]
}): Verdict {
  if (service?.spec.type !== 'LoadBalancer') {
    return skipped('the gateway is reachable within the cluster only')
  }
  const address = gatewayAddress(service)
  if (address !== undefined) return ok(address)
  const warning = newestWarning(events, (name) => name === GATEWAY.name)
  if (warning === undefined) {
    return failed({
      message: `${GATEWAY.name} has no address yet, and nobody says why.`,
      command: DESCRIBE,
    })
  }
  return failed({
    message: `${GATEWAY.name} has no address yet: ${warning}`,
    ...explained(warning),
  })
}

/** What went wrong lately at a load balancer that has its address. */
function judgeEvents(events: readonly Event[]): Verdict {
  const warning = newestWarning(
    events,
    (name) => name === GATEWAY.name || name.startsWith('k8s-istiosys-'),
  )
  if (warning === undefined) return ok()
  return warned({
    message: `The newest warning of the load balancer: ${warning}`,
    ...explained(warning),
  })
}

function explained(warning: string): {hint: string; command: string} {
  return (
    explainBalancerEvent(warning) ?? {
      hint: 'Whoever makes the load balancer says more in its log.',
      command: DESCRIBE,
    }
  )
}

/** What AWS has for the address of the gateway. */
export interface AwsBalancer {
  readonly address: string
  readonly balancer: LoadBalancer | undefined
  readonly listeners: readonly Listener[]
  readonly targets: readonly TargetHealth[] | undefined
  readonly wanted: WantedBalancer
}

/** Whether the load balancer is what was wanted. */
export function judgeAwsBalancer({address, balancer, wanted}: AwsBalancer): Verdict {
  if (balancer === undefined) {
    const region = regionOf(address)
    return failed({
      message: `AWS knows no load balancer ${address}.`,
      hint: `It is in another account${region === undefined ? ' or region: --profile, --region' : `, or not asked for in its region: --profile, --region ${region}`}`,
      command: 'aws sts get-caller-identity',
    })
  }
  const {name, type, zones, state} = balancer
  const verdict = judgeBalancer(balancer, wanted)
  const seen = `${name}: ${type}, ${balancer.scheme}, ${state}, ${zones.map((zone) => zone.name).join(' ')}`
  return verdict.state === 'ready' ? ok(seen) : notReady(verdict, seen)
}

/** Whether port 80 has a target that answers. */
export function judgeAwsTargets({balancer, listeners, targets}: AwsBalancer): Verdict {
  if (balancer === undefined) return skipped('AWS does not know the load balancer')
  if (targets === undefined) {
    return failed({
      message: `${balancer.name} does not listen on port ${HTTP_PORT}.`,
      evidence: listeners.map(({port, protocol}) => `${protocol} ${port}`),
      command: DESCRIBE,
    })
  }
  const verdict = judgeTargets(targets)
  const seen = targets.map(({id, port, state, reason, description}) =>
    [`${id}${port === undefined ? '' : `:${port}`}`, state, reason, description]
      .filter((part) => part !== undefined)
      .join(' '),
  )
  if (verdict.state === 'ready') return ok(...seen)
  const hint = targetHint(targets)
  return {
    ...notReady(verdict, ...seen),
    ...(hint !== undefined && {hint}),
    command: `kubectl get pods -n ${GATEWAY.namespace} -l istio=ingressgateway -o wide`,
  }
}

function notReady(verdict: Exclude<BalancerVerdict, {state: 'ready'}>, ...evidence: string[]) {
  const what = verdict.state === 'wrong' ? verdict.problem : `Still waiting for ${verdict.for}`
  return failed({message: `${what}.`, evidence, command: DESCRIBE})
}

/** Asks AWS about the load balancer of the gateway, once for all checks. */
function readAwsBalancer({readings, aws, settings}: Patient): Promise<AwsBalancer> {
  return readings.once('load balancer at AWS', async () => {
    const address = gatewayAddress(await readings.gateway()) ?? ''
    const {loadBalancer} = settings
    const wanted =
      loadBalancer.kind === 'nlb' ? loadBalancer.nlb : {scheme: 'internet-facing', subnets: []}
    const elb = await aws.loadBalancers()
    const balancer = await elb.findByHostname(address)
    const listeners = balancer === undefined ? [] : await elb.listeners(balancer.arn)
    const group = targetGroupOf(listeners, HTTP_PORT)
    const targets = group === undefined ? undefined : await elb.targetHealth(group)
    return {address, balancer, listeners, targets, wanted}
  })
}

const ELB_READS = [
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeTargetHealth',
]

export const LOAD_BALANCER_CHECKS: readonly Check[] = [
  defineCheck({
    id: 'load-balancer-controller',
    category: 'load-balancer',
    title: 'The AWS Load Balancer Controller is ready',
    reads: [
      'deployments.apps',
      'endpointslices.discovery.k8s.io',
      'mutatingwebhookconfigurations.admissionregistration.k8s.io',
    ],
    beforeInstall: true,
    needs: ['real-cluster', 'nlb'],
    read: async ({readings, settings, onAws}): Promise<Controller> => ({
      deployments: await readings.deployments(),
      slices: await readings.endpointSlices(),
      hasWebhook: (await readings.webhooks()).some(({webhooks = []}) =>
        webhooks.some(({name}) => name === SERVICE_WEBHOOK),
      ),
      insists: onAws && settings.wait,
    }),
    judge: judgeController,
  }),
  defineCheck({
    id: 'gateway-handler',
    category: 'load-balancer',
    title: 'One controller makes the load balancer',
    reads: ['services'],
    beforeInstall: true,
    needs: ['real-cluster', 'nlb'],
    read: ({readings}) => readings.gateway(),
    judge: judgeHandler,
  }),
  defineCheck({
    id: 'gateway-annotations',
    category: 'load-balancer',
    title: 'The annotations of the gateway are read',
    reads: ['services'],
    beforeInstall: true,
    needs: ['gateway'],
    read: ({readings}) => readings.gateway(),
    judge: judgeAnnotations,
  }),
  defineCheck({
    id: 'gateway-address',
    category: 'load-balancer',
    title: 'The gateway has an address',
    reads: ['services', 'events'],
    needs: ['real-cluster', 'gateway'],
    read: async ({readings}) => ({
      service: await readings.gateway(),
      events: await readings.gatewayEvents(),
    }),
    judge: judgeAddress,
  }),
  defineCheck({
    id: 'gateway-events',
    category: 'load-balancer',
    title: 'No warning about the load balancer',
    reads: ['events'],
    needs: ['real-cluster', 'address'],
    read: ({readings}) => readings.gatewayEvents(),
    judge: judgeEvents,
  }),
  defineCheck({
    id: 'load-balancer-state',
    category: 'load-balancer',
    title: 'AWS has the load balancer as wanted',
    reads: ELB_READS.slice(0, 1),
    needs: ['aws', 'nlb', 'address'],
    read: readAwsBalancer,
    judge: judgeAwsBalancer,
  }),
  defineCheck({
    id: 'targets',
    category: 'load-balancer',
    title: 'Targets of port 80 are healthy',
    reads: ELB_READS,
    needs: ['aws', 'nlb', 'address'],
    read: readAwsBalancer,
    judge: judgeAwsTargets,
  }),
]

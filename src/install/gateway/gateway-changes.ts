import type {CoreService} from '../../api/core/v1.ts'
import {
  NLB_ANNOTATIONS,
  NLB_CLASS,
  parseStringList,
  parseStringMap,
  unknownAnnotations,
} from '../../aws/load-balancer-controller/annotations.ts'
import {
  CLOUD_PROVIDER_FINALIZER,
  type ServiceHandler,
  serviceHandler,
} from '../../aws/load-balancer-controller/service-handler.ts'
import {KntoolError} from '../../errors/kntool-error.ts'

/**
 * What a change of the gateway's Service does to the load balancer that is there:
 *
 * - `safe`: changed in place.
 * - `interrupts`: changed in place, with connections lost on the way.
 * - `replaces`: the load balancer is deleted and another made, under another name in DNS.
 * - `migrates`: the same, by way of a Service without any load balancer, since it would leak else.
 * - `removes`: the load balancer is deleted.
 */
export type GatewayEffect = 'safe' | 'interrupts' | 'replaces' | 'migrates' | 'removes'

/** One difference between the Service that is there and the one that is wanted. */
export interface GatewayChange {
  readonly field: string
  readonly from: string
  readonly to: string
  readonly effect: GatewayEffect
  readonly explanation?: string
}

/** What is to be done about the Service of the gateway. */
export interface GatewayDecision {
  /** The Service to apply: the wanted one, without what cannot be changed any more. */
  readonly service: CoreService
  readonly changes: readonly GatewayChange[]
  /** Annotations of others that have to go. */
  readonly removals: readonly string[]
  /** What a person should know, although nothing changes. */
  readonly warnings: readonly string[]
}

const RISKY: ReadonlySet<GatewayEffect> = new Set(['interrupts', 'replaces', 'migrates', 'removes'])

/** The changes that are not made unless somebody agreed to them. */
export function riskyChanges({changes}: GatewayDecision): GatewayChange[] {
  return changes.filter(({effect}) => RISKY.has(effect))
}

/**
 * Compares the wanted Service with the one that is there, if any.
 *
 * | who has the load balancer now | wanted                       | what happens                        |
 * |-------------------------------|------------------------------|-------------------------------------|
 * | nobody: no Service            | any                          | applied as it is                    |
 * | nobody: type is ClusterIP     | any                          | applied as it is                    |
 * | load-balancer-controller      | NLB                          | changed field by field, class stays |
 * | cloud-provider-*              | NLB                          | migrates                            |
 * | nobody understands the Service| NLB                          | the missing annotations are added   |
 * | other-class                   | NLB                          | `KN_CONFLICT`                       |
 * | any                           | what the cluster gives       | class and annotations stay          |
 * | any                           | none                         | removes                             |
 */
export function decideGateway(wanted: CoreService, live: CoreService | undefined): GatewayDecision {
  if (live === undefined || live.spec.type !== 'LoadBalancer') {
    return {service: wanted, changes: [], removals: [], warnings: []}
  }
  if (wanted.spec.type !== 'LoadBalancer') return removal(wanted, live)
  if (wanted.spec.loadBalancerClass !== NLB_CLASS) return asItIs(wanted, live)
  const handler = serviceHandler(live)
  switch (handler) {
    case 'other-class':
      throw new KntoolError(
        'KN_CONFLICT',
        `The Service ${nameOf(live)} has the class ${live.spec.loadBalancerClass}, which cannot be ` +
          `changed: another controller makes its load balancer.`,
        {hint: 'Leave it to that controller: --load-balancer service'},
      )
    case 'cloud-provider-classic':
    case 'cloud-provider-nlb':
      return migration(wanted, live, handler)
    case 'load-balancer-controller':
    case 'nobody':
    case 'none':
      return inPlace(wanted, live)
  }
}

function inPlace(wanted: CoreService, live: CoreService): GatewayDecision {
  const service = structuredClone(wanted)
  const {loadBalancerClass: _, ...spec} = service.spec
  // The API refuses to set, change or take away the class of a Service that has its type.
  service.spec =
    live.spec.loadBalancerClass === undefined
      ? spec
      : {...spec, loadBalancerClass: live.spec.loadBalancerClass}
  const warnings = commonWarnings(live)
  const name = keepName(service, live)
  if (name !== undefined) warnings.push(name)
  const changes = Object.values(NLB_ANNOTATIONS).flatMap((key) => {
    const change = annotationChange(key, service, live)
    return change === undefined ? [] : [change]
  })
  warnings.push(...forgottenAttributes(service, live))
  const removals =
    live.metadata.annotations?.[NLB_ANNOTATIONS.internal] === undefined
      ? []
      : [NLB_ANNOTATIONS.internal]
  return {service, changes, removals, warnings}
}

/** The name is read once, when the load balancer is made: what it was then stays. */
function keepName(service: CoreService, live: CoreService): string | undefined {
  const annotations = service.metadata.annotations ?? {}
  const wantedName = annotations[NLB_ANNOTATIONS.name]
  const liveName = live.metadata.annotations?.[NLB_ANNOTATIONS.name]
  if (addressOf(live) === undefined || wantedName === liveName) return undefined
  if (liveName === undefined) delete annotations[NLB_ANNOTATIONS.name]
  else annotations[NLB_ANNOTATIONS.name] = liveName
  service.metadata.annotations = annotations
  const kept = liveName === undefined ? 'the name the controller gave it' : `"${liveName}"`
  return `The load balancer keeps ${kept}: a name is read only when it is made.`
}

function annotationChange(
  key: string,
  wanted: CoreService,
  live: CoreService,
): GatewayChange | undefined {
  const from = live.metadata.annotations?.[key]
  const to = wanted.metadata.annotations?.[key]
  if (key === NLB_ANNOTATIONS.scheme) return schemeChange(to ?? 'internal', live)
  if (from === to || to === undefined) {
    return key === NLB_ANNOTATIONS.internal && from !== undefined
      ? {
          field: key,
          from,
          to: '',
          effect: 'safe',
          explanation: 'beside the scheme nobody reads it',
        }
      : undefined
  }
  const change = {field: key, from: from ?? '', to}
  switch (key) {
    case NLB_ANNOTATIONS.targetType:
      // Nobody had made a load balancer where the type was missing.
      return serviceHandler(live) === 'nobody'
        ? {...change, effect: 'safe'}
        : {...change, effect: 'interrupts', explanation: 'other target groups take over'}
    case NLB_ANNOTATIONS.subnets: {
      const before = parseStringList(from)
      const kept = before.every((subnet) => parseStringList(to).includes(subnet))
      if (before.length > 0 && kept) return {...change, effect: 'safe'}
      if (sameSet(before, parseStringList(to))) return undefined
      return {...change, effect: 'interrupts', explanation: 'zones leave or join the load balancer'}
    }
    case NLB_ANNOTATIONS.sourceRanges:
      return sameSet(parseStringList(from), parseStringList(to))
        ? undefined
        : {...change, effect: 'safe'}
    case NLB_ANNOTATIONS.healthCheckProtocol:
      return {...change, effect: 'interrupts', explanation: 'other target groups take over'}
    default:
      return {...change, effect: 'safe'}
  }
}

/** The scheme that the controller takes the annotations for: `internal` counts without `scheme` only. */
export function effectiveScheme(service: CoreService): 'internet-facing' | 'internal' {
  const {[NLB_ANNOTATIONS.scheme]: scheme, [NLB_ANNOTATIONS.internal]: internal} =
    service.metadata.annotations ?? {}
  if (scheme !== undefined) return scheme === 'internet-facing' ? scheme : 'internal'
  return /^(0|f|F|false|FALSE|False)$/.test(internal ?? '') ? 'internet-facing' : 'internal'
}

function schemeChange(to: string, live: CoreService): GatewayChange | undefined {
  const from = effectiveScheme(live)
  const said = live.metadata.annotations?.[NLB_ANNOTATIONS.scheme]
  if (from === to) {
    return said === to
      ? undefined
      : {field: NLB_ANNOTATIONS.scheme, from: said ?? '', to, effect: 'safe'}
  }
  const made = addressOf(live)
  return {
    field: NLB_ANNOTATIONS.scheme,
    from,
    to,
    ...(made === undefined
      ? {effect: 'safe'}
      : {
          effect: 'replaces',
          explanation: `${made} is deleted; the new one has another address`,
        }),
  }
}

function migration(
  wanted: CoreService,
  live: CoreService,
  handler: ServiceHandler,
): GatewayDecision {
  const made = addressOf(live)
  const owned = live.metadata.finalizers?.includes(CLOUD_PROVIDER_FINALIZER) ?? false
  const what =
    handler === 'cloud-provider-nlb' ? 'NLB of the cloud provider' : 'classic load balancer'
  const harmless = made === undefined && !owned
  return {
    service: wanted,
    changes: [
      {
        field: 'spec.loadBalancerClass',
        from: '',
        to: NLB_CLASS,
        ...(harmless
          ? {effect: 'safe', explanation: 'no load balancer has been made yet'}
          : {
              effect: 'migrates',
              explanation:
                `the ${what} ${made ?? ''} is deleted first, since nobody would delete it later; ` +
                'nothing is reachable until the new one is there',
            }),
      },
    ],
    removals: [NLB_ANNOTATIONS.internal].filter(
      (key) => live.metadata.annotations?.[key] !== undefined,
    ),
    warnings: commonWarnings(live),
  }
}

/** Whether the Service has to lose its load balancer before it can get the wanted one. */
export function needsMigration({changes}: GatewayDecision, live: CoreService | undefined): boolean {
  return (
    live?.spec.loadBalancerClass === undefined &&
    changes.some(({field}) => field === 'spec.loadBalancerClass')
  )
}

function removal(wanted: CoreService, live: CoreService): GatewayDecision {
  const made = addressOf(live)
  return {
    service: wanted,
    changes: [
      {
        field: 'spec.type',
        from: 'LoadBalancer',
        to: wanted.spec.type ?? 'ClusterIP',
        ...(made === undefined
          ? {effect: 'safe'}
          : {effect: 'removes', explanation: `the load balancer ${made} is deleted`}),
      },
    ],
    removals: [],
    warnings: [],
  }
}

function asItIs(wanted: CoreService, live: CoreService): GatewayDecision {
  const {loadBalancerClass} = live.spec
  const known = new Set<string>(Object.values(NLB_ANNOTATIONS))
  const kept = Object.entries(live.metadata.annotations ?? {}).filter(([key]) => known.has(key))
  const annotations = {...wanted.metadata.annotations, ...Object.fromEntries(kept)}
  const service: CoreService = {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      ...(Object.keys(annotations).length > 0 && {annotations}),
    },
    spec: {...wanted.spec, ...(loadBalancerClass !== undefined && {loadBalancerClass})},
  }
  return {service, changes: [], removals: [], warnings: commonWarnings(live)}
}

function commonWarnings(live: CoreService): string[] {
  const unknown = unknownAnnotations(live.metadata.annotations)
  const ranges = live.spec.loadBalancerSourceRanges
  return [
    ...unknown.map(
      (key) => `The annotation ${key} of ${nameOf(live)} is unknown: nobody reads it.`,
    ),
    ...(ranges !== undefined && ranges.length > 0
      ? [
          `spec.loadBalancerSourceRanges of ${nameOf(live)} (${ranges.join(', ')}) wins over the annotation.`,
        ]
      : []),
  ]
}

function forgottenAttributes(wanted: CoreService, live: CoreService): string[] {
  return [NLB_ANNOTATIONS.attributes, NLB_ANNOTATIONS.targetGroupAttributes].flatMap((key) => {
    const before = parseStringMap(live.metadata.annotations?.[key] ?? '') ?? {}
    const after = parseStringMap(wanted.metadata.annotations?.[key] ?? '') ?? {}
    const gone = Object.keys(before).filter((attribute) => !Object.hasOwn(after, attribute))
    // Without the annotation, what others wrote there stays.
    if (wanted.metadata.annotations?.[key] === undefined) return []
    return gone.map(
      (attribute) =>
        `${attribute}=${before[attribute]} stays in force: leaving an attribute out does not reset it.`,
    )
  })
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value) => right.includes(value))
}

function addressOf(service: CoreService): string | undefined {
  const [ingress] = service.status?.loadBalancer?.ingress ?? []
  return ingress?.hostname ?? ingress?.ip
}

function nameOf({metadata}: CoreService): string {
  return `${metadata.namespace}/${metadata.name}`
}

import type {Deployment} from '../../api/apps/v1.ts'

/** The AWS Load Balancer Controller of a cluster. */
export interface LoadBalancerController {
  readonly namespace: string
  readonly name: string
  readonly version?: string
  /** The name by which it tags what it makes. */
  readonly clusterName?: string
  readonly available: number
}

const NAME_LABEL = 'app.kubernetes.io/name'
const CONTROLLER = 'aws-load-balancer-controller'

/** Finds the controller by its label or its image, in whatever namespace. */
export function findController(
  deployments: readonly Deployment[],
): LoadBalancerController | undefined {
  const found = deployments.find(
    ({metadata, spec}) =>
      metadata.labels?.[NAME_LABEL] === CONTROLLER ||
      spec.template.spec.containers.some(({image = ''}) => image.includes(CONTROLLER)),
  )
  if (found === undefined) return undefined
  const {containers} = found.spec.template.spec
  const container = containers.find(({image = ''}) => image.includes(CONTROLLER)) ?? containers[0]
  const version = /:v?(\d+\.\d+\.\d+)/.exec(container?.image ?? '')?.[1]
  const clusterName = flagValue(
    [...(container?.command ?? []), ...(container?.args ?? [])],
    'cluster-name',
  )
  return {
    namespace: found.metadata.namespace ?? 'default',
    name: found.metadata.name,
    ...(version !== undefined && {version}),
    ...(clusterName !== '' && {clusterName}),
    available: found.status?.availableReplicas ?? 0,
  }
}

function flagValue(words: readonly string[], flag: string): string {
  const index = words.findIndex((word) => word.replace(/^--?/, '').split('=')[0] === flag)
  const word = words[index]
  if (word === undefined) return ''
  const equals = word.indexOf('=')
  return equals < 0 ? (words[index + 1] ?? '') : word.slice(equals + 1)
}

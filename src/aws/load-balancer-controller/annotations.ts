/** What the AWS Load Balancer Controller reads on a Service. */

const PREFIX = 'service.beta.kubernetes.io/'

/** The class of Services that the controller handles, whatever else they say. */
export const NLB_CLASS = 'service.k8s.aws/nlb'

/** Annotations by what they set. */
export const NLB_ANNOTATIONS = {
  type: `${PREFIX}aws-load-balancer-type`,
  targetType: `${PREFIX}aws-load-balancer-nlb-target-type`,
  scheme: `${PREFIX}aws-load-balancer-scheme`,
  /** Deprecated; read only where `scheme` is absent. */
  internal: `${PREFIX}aws-load-balancer-internal`,
  name: `${PREFIX}aws-load-balancer-name`,
  subnets: `${PREFIX}aws-load-balancer-subnets`,
  attributes: `${PREFIX}aws-load-balancer-attributes`,
  targetGroupAttributes: `${PREFIX}aws-load-balancer-target-group-attributes`,
  sourceRanges: `${PREFIX}load-balancer-source-ranges`,
  certificate: `${PREFIX}aws-load-balancer-ssl-cert`,
  tlsPorts: `${PREFIX}aws-load-balancer-ssl-ports`,
  healthCheckProtocol: `${PREFIX}aws-load-balancer-healthcheck-protocol`,
  healthCheckPort: `${PREFIX}aws-load-balancer-healthcheck-port`,
  healthCheckPath: `${PREFIX}aws-load-balancer-healthcheck-path`,
} as const

const OTHER_KEYS = [
  'access-log-emit-interval',
  'access-log-enabled',
  'access-log-s3-bucket-name',
  'access-log-s3-bucket-prefix',
  'additional-resource-tags',
  'alpn-policy',
  'backend-protocol',
  'connection-draining-enabled',
  'connection-draining-timeout',
  'connection-idle-timeout',
  'cross-zone-load-balancing-enabled',
  'disable-nlb-sg',
  'eip-allocations',
  'enable-prefix-for-ipv6-source-nat',
  'enable-tcp-udp-listener',
  'extra-security-groups',
  'healthcheck-healthy-threshold',
  'healthcheck-interval',
  'healthcheck-success-codes',
  'healthcheck-timeout',
  'healthcheck-unhealthy-threshold',
  'inbound-sg-rules-on-private-link-traffic',
  'ip-address-type',
  'ipv6-addresses',
  'manage-backend-security-group-rules',
  'minimum-load-balancer-capacity',
  'multi-cluster-target-group',
  'private-ipv4-addresses',
  'proxy-protocol',
  'quic-enabled-ports',
  'security-group-prefix-lists',
  'security-groups',
  'source-nat-ipv6-prefixes',
  'ssl-negotiation-policy',
  'target-node-labels',
].map((key) => `${PREFIX}aws-load-balancer-${key}`)

const KNOWN = new Set<string>([...Object.values(NLB_ANNOTATIONS), ...OTHER_KEYS])
const KNOWN_FAMILIES = /aws-load-balancer-(listener-attributes\.[A-Z]+-\d+|actions\..+)$/

/**
 * The annotations that look as if they were for a load balancer and that nobody reads: the
 * controller passes over a misspelt one without a word.
 */
export function unknownAnnotations(annotations: Readonly<Record<string, string>> = {}): string[] {
  return Object.keys(annotations).filter(
    (key) =>
      key.startsWith(`${PREFIX}aws-load-balancer-`) && !KNOWN.has(key) && !KNOWN_FAMILIES.test(key),
  )
}

/** `a=1,b=2`, in the order of the keys, so that equal settings are equal texts. */
export function formatStringMap(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

/** Reads `a=1,b=2`; undefined where the controller would refuse it. */
export function parseStringMap(text: string): Record<string, string> | undefined {
  const map: Record<string, string> = {}
  for (const pair of text.split(',')) {
    if (pair.trim() === '') continue
    const equals = pair.indexOf('=')
    if (equals <= 0) return undefined
    map[pair.slice(0, equals).trim()] = pair.slice(equals + 1).trim()
  }
  return map
}

/** The entries of a comma-separated annotation, without spaces and empty ones. */
export function parseStringList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

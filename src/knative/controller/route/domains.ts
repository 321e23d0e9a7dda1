/** Host names of Routes. Counterpart of `pkg/reconciler/route/domains`. */
import type {ConfigSnapshot} from '../../../api/config/config-store.ts'
import {domainFor} from '../../../api/config/domain.ts'
import {expandDomainTemplate, expandTagTemplate} from '../../../api/config/network.ts'
import type {ObjectMeta} from '../../../api/meta/object.ts'
import {VISIBILITY_CLUSTER_LOCAL, VISIBILITY_LABEL} from '../../../api/networking/names.ts'
import type {IngressVisibility} from '../../../api/networking/v1alpha1.ts'
import {quote} from '../../../util/strconv.ts'
import {without} from '../metadata.ts'

/** What the hosts and the KIngress of a Route depend on besides the Route. */
export type RouteConfig = Pick<ConfigSnapshot, 'domain' | 'network' | 'features'>

/** The tag of traffic that has none. */
export const DEFAULT_TARGET = ''

/** What takes the Route's place in a host for one of its tags: by default `tag-name`. */
export function hostnameFor(name: string, tag: string, {network}: RouteConfig): string {
  return tag === DEFAULT_TARGET ? name : expandTagTemplate(network, {name, tag})
}

/**
 * The host under which a tag of the Route is reached by those who may.
 *
 * @throws Error when the templates give no valid domain name.
 */
export function hostFor(
  route: ObjectMeta,
  tag: string,
  visibility: IngressVisibility,
  config: RouteConfig,
): string {
  const labels = without(route.labels, [VISIBILITY_LABEL])
  if (visibility === 'ClusterLocal') labels[VISIBILITY_LABEL] = VISIBILITY_CLUSTER_LOCAL
  return domainName({...route, labels}, hostnameFor(route.name, tag, config), config)
}

/** The domain name of a hostname for these labels and annotations. Throws as {@link hostFor}. */
export function domainName(
  {labels, annotations, namespace = ''}: ObjectMeta,
  hostname: string,
  {domain: domains, network}: RouteConfig,
): string {
  const domain = domainFor(domains, labels)
  // The cluster's DNS knows Services by one rule; the operator's template is for the world outside.
  const host =
    labels?.[VISIBILITY_LABEL] === VISIBILITY_CLUSTER_LOCAL
      ? `${hostname}.${namespace}.${domain}`
      : expandDomainTemplate(network, {name: hostname, namespace, domain, annotations, labels})
  const problem = findDomainNameProblem(host)
  if (problem !== undefined) throw new Error(`invalid domain name ${quote(host)}: ${problem}`)
  return host
}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = String.raw`${LABEL}(\.${LABEL})*`
const SUBDOMAIN_PATTERN = new RegExp(`^${SUBDOMAIN}$`)

/** Counterpart of k8s.io/apimachinery `validation.IsFullyQualifiedDomainName`, text included. */
function findDomainNameProblem(host: string): string | undefined {
  if (host === '') return 'url: Required value'
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  const invalid = (value: string, ...why: string[]): string =>
    `url: Invalid value: ${quote(value)}: ${why.join(',')}`
  const problems = [
    ...(name.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(SUBDOMAIN_PATTERN.test(name)
      ? []
      : [
          `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`,
        ]),
  ]
  if (problems.length > 0) return invalid(name, ...problems)
  const labels = name.split('.')
  if (labels.length < 2) {
    return invalid(name, 'should be a domain with at least two segments separated by dots')
  }
  const long = labels.find((label) => label.length > 63)
  return long === undefined ? undefined : invalid(long, 'must be no more than 63 characters')
}

/** Where a DomainMapping leads. Counterpart of knative.dev/pkg `resolver`. */
import {CORE_SERVICES} from '../../../api/core/v1.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {resourceType, type ResourceType} from '../../../api/meta/resource-type.ts'
import {CLUSTER_DOMAIN, serviceHostname} from '../../../api/networking/names.ts'
import {type DomainMapping, ROUTES, SERVICES} from '../../../api/serving/v1.ts'
import {quote} from '../../../util/strconv.ts'

/** The target's host inside the cluster, and the core Service behind it. */
export interface Target {
  readonly host: string
  readonly service: string
}

/** The kind that a mapping refers to. An unknown one is guessed to have a regular plural. */
export function typeOfReference({ref}: DomainMapping['spec']): ResourceType {
  const {apiVersion = 'v1', kind} = ref
  const known = [SERVICES, ROUTES, CORE_SERVICES].find(
    (type) => type.kind === kind && apiVersion === groupVersion(type),
  )
  return known ?? resourceType(apiVersion, kind, guessPlural(kind.toLowerCase()))
}

function groupVersion({group, version}: ResourceType): string {
  return group === '' ? version : `${group}/${version}`
}

function guessPlural(singular: string): string {
  if (/(s|x|z|ch|sh)$/.test(singular)) return `${singular}es`
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`
}

/**
 * The target of a mapping, from the object it refers to.
 *
 * @throws Error when the object has no address, or one that no KIngress of the mapping's namespace can
 * lead to.
 */
export function targetOf(mapping: DomainMapping, referred: KubeObject): Target {
  const {ref} = mapping.spec
  const {name, namespace = ''} = referred.metadata
  // Core Services can be called although they have no address.
  if (referred.kind === 'Service' && referred.apiVersion === 'v1') {
    return checkUrl(`http://${serviceHostname(name, namespace)}`, mapping)
  }
  const address = addressOf(referred)
  if (address === undefined) {
    throw new Error(`address not set for ${describeReference(ref)}`)
  }
  if (address.url === undefined) {
    throw new Error(`URL missing in address of ${describeReference(ref)}`)
  }
  return checkUrl(address.url, mapping)
}

interface Address {
  readonly url?: string
}

function addressOf(referred: KubeObject): Address | undefined {
  const {status} = referred as {status?: {address?: Address; addresses?: Address[]}}
  return status?.addresses?.[0] ?? status?.address
}

function checkUrl(text: string, {metadata, spec}: DomainMapping): Target {
  const url = URL.parse(text)
  if (url === null || url.host === '') {
    throw new Error(`hostname missing in address of ${describeReference(spec.ref)}`)
  }
  if (url.pathname !== '/') throw new Error(`resolved URI ${quote(text)} contains a path`)
  const suffix = `.svc.${CLUSTER_DOMAIN}`
  const [service = '', namespace, ...rest] = url.host.slice(0, -suffix.length).split('.')
  if (!url.host.endsWith(suffix) || namespace === undefined || rest.length > 0) {
    throw new Error(`resolved URI ${quote(text)} must be of the form {name}.{namespace}${suffix}`)
  }
  // A KIngress cannot send requests to another namespace.
  if (namespace !== metadata.namespace) {
    throw new Error(`resolved URI ${quote(text)} must be in same namespace as DomainMapping`)
  }
  return {host: url.host, service}
}

/** A reference as upstream prints it. */
function describeReference(ref: DomainMapping['spec']['ref']): string {
  const {kind, namespace = '', name, apiVersion = '', address = ''} = ref
  return `Kind = ${kind}, Namespace = ${namespace}, Name = ${name}, APIVersion = ${apiVersion}, Group = , Address = ${address}`
}

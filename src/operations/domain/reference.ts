/** What a domain is mapped to, in kn's notation. */
import {apiVersionOf, type ResourceType} from '../../api/meta/resource-type.ts'
import {type DomainMapping, ROUTES, SERVICES} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'

const TYPES = {ksvc: SERVICES, kroute: ROUTES} as const

/** A Service or a Route, by name. */
export interface DomainReference {
  readonly kind: keyof typeof TYPES
  readonly name: string
  readonly namespace: string
}

/**
 * Reads `NAME`, `ksvc:NAME`, `kroute:NAME`, each of the last two with `:NAMESPACE` at its end.
 *
 * Throws `KN_USAGE` for another prefix.
 */
export function parseDomainReference(text: string, namespace: string): DomainReference {
  const [first = '', name, ...rest] = text.split(':')
  const prefix = name === undefined ? 'ksvc' : first
  if (!isKnown(prefix)) {
    throw new KntoolError('KN_USAGE', `unsupported sink prefix: '${prefix}'`, {
      hint: 'A Service: --ref NAME or --ref ksvc:NAME[:NAMESPACE]; a Route: --ref kroute:NAME[:NAMESPACE]',
    })
  }
  return {kind: prefix, name: name ?? first, namespace: rest.join(':') || namespace}
}

function isKnown(prefix: string): prefix is keyof typeof TYPES {
  return Object.hasOwn(TYPES, prefix)
}

/** The `spec.ref` for a reference. Throws NotFound when what it names is not there. */
export async function resolveDomainReference(
  client: Client,
  {kind, name, namespace}: DomainReference,
): Promise<DomainMapping['spec']['ref']> {
  const type: ResourceType = TYPES[kind]
  await client.get(type, {namespace, name})
  return {apiVersion: apiVersionOf(type), kind: type.kind, name, namespace}
}

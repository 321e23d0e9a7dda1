/** `config-domain`. Counterpart of knative.dev/serving `pkg/reconciler/route/config` (domain). */
import {CLUSTER_DOMAIN, VISIBILITY_CLUSTER_LOCAL, VISIBILITY_LABEL} from '../networking/names.ts'
import type {ConfigData} from './config-data.ts'
import {EXAMPLE_KEY} from './example.ts'
import {parseYamlValue} from './yaml-value.ts'

/** Which domain a Route gets. */
export interface DomainConfig {
  /** From domain to the labels a Route needs for it; an empty selector fits every Route. */
  readonly domains: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/** The domain of Routes that only the cluster reaches, and of all Routes while nothing is configured. */
export const CLUSTER_LOCAL_DOMAIN = `svc.${CLUSTER_DOMAIN}`

/** Reads `config-domain`. Throws an Error with the text of upstream. */
export function parseDomainConfig(data: ConfigData): DomainConfig {
  const domains = new Map<string, Readonly<Record<string, string>>>()
  let hasDefault = false
  for (const [domain, text] of Object.entries(data)) {
    if (domain === EXAMPLE_KEY) continue
    const selector = parseSelector(text)
    domains.set(domain, selector)
    if (Object.keys(selector).length === 0) hasDefault = true
  }
  if (!hasDefault) domains.set(CLUSTER_LOCAL_DOMAIN, {})
  return {domains}
}

function parseSelector(text: string): Readonly<Record<string, string>> {
  const value = parseYamlValue(text)
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(value, 'value', 'config.LabelSelector')
  }
  const selector: unknown = 'selector' in value ? value.selector : undefined
  if (selector === undefined || selector === null) return {}
  if (typeof selector !== 'object' || Array.isArray(selector)) {
    throw mismatch(selector, 'struct field LabelSelector.selector', 'map[string]string')
  }
  // A label is a text even where YAML sees a number or a boolean.
  return Object.fromEntries(
    Object.entries(selector).map(([label, item]: [string, unknown]) => {
      if (item === null) return [label, '']
      if (typeof item === 'string') return [label, item]
      if (typeof item === 'number' || typeof item === 'boolean') return [label, String(item)]
      throw mismatch(item, 'struct field LabelSelector.selector', 'string')
    }),
  )
}

function mismatch(value: unknown, where: string, type: string): Error {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return new Error(
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go ${where} of type ${type}`,
  )
}

/**
 * The domain of a Route with these labels.
 *
 * A cluster-local Route gets the cluster's own domain. Else, of the domains whose selector fits,
 * the one that asks for most labels wins, then the first in the alphabet.
 */
export function domainFor(
  config: DomainConfig,
  labels: Readonly<Record<string, string>> | undefined,
): string {
  if (labels?.[VISIBILITY_LABEL] === VISIBILITY_CLUSTER_LOCAL) return CLUSTER_LOCAL_DOMAIN
  let best = ''
  let mostLabels = -1
  for (const [domain, selector] of config.domains) {
    const wanted = Object.entries(selector)
    if (wanted.length < mostLabels) continue
    if (!wanted.every(([key, value]) => labels?.[key] === value)) continue
    if (wanted.length > mostLabels || domain < best) {
      best = domain
      mostLabels = wanted.length
    }
  }
  return best
}

import {EXAMPLE_KEY} from '../../api/config/example.ts'
import {parseDomainConfig} from '../../api/config/domain.ts'
import {domainProblem} from '../domain-name.ts'
import type {DomainSetting} from '../settings.ts'

/** The domain of Services on an embedded cluster that was never given another. */
export const EMBEDDED_DOMAIN = 'localhost'

type ConfigData = Readonly<Record<string, string>> | undefined

/**
 * Reads `knative.example.com` or `apps.example.com:app=web,tier=front`.
 *
 * Answers what is wrong with the text instead, if anything is.
 */
export function parseDomain(text: string): DomainSetting | {readonly problem: string} {
  const colon = text.indexOf(':')
  const name = colon < 0 || text.startsWith('http') ? text : text.slice(0, colon)
  const problem = domainProblem(name)
  if (problem !== undefined) {
    return {problem: `"${name}" cannot be the domain of services: ${problem}`}
  }
  if (name === text) return {name, selector: {}}
  const selector: Record<string, string> = {}
  for (const pair of text.slice(colon + 1).split(',')) {
    const [label = '', value, ...rest] = pair.split('=')
    if (label === '' || value === undefined || rest.length > 0) {
      return {problem: `"${pair}" in "${text}" is not a label with its value, like app=web`}
    }
    selector[label] = value
  }
  return {name, selector}
}

/**
 * Why these domains contradict each other, or undefined.
 *
 * Knative takes, of two domains for the same Services, the first in the alphabet, and says nothing.
 */
export function domainsProblem(domains: readonly DomainSetting[]): string | undefined {
  const defaults = domains.filter(({selector}) => Object.keys(selector).length === 0)
  const names = domains.map(({name}) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `"${twice}" is given twice`
  if (defaults.length === 0) {
    return 'one domain has to be without a selector, for the services that none of the others fits'
  }
  const [first, second] = defaults.map(({name}) => name).toSorted()
  if (second === undefined) return undefined
  return (
    `"${first}" and "${second}" are both for all services: Knative would use "${first}" for every one; ` +
    `give the other a selector: ${second}:app=web`
  )
}

/** The domains that Knative gives to Services without any label. */
export function defaultDomains(data: ConfigData): string[] {
  return Object.entries(data ?? {})
    .filter(([domain, text]) => domain !== EXAMPLE_KEY && isForAll(domain, text))
    .map(([domain]) => domain)
}

/** All domains as `--domain` takes them, those for all Services first: `apps.example.com:app=web`. */
export function domainTexts(data: ConfigData): string[] {
  const forAll = defaultDomains(data)
  const others = Object.entries(data ?? {}).flatMap(([domain, text]) => {
    if (domain === EXAMPLE_KEY || forAll.includes(domain)) return []
    const labels = Object.entries(selectorOf(domain, text) ?? {})
    return [`${domain}:${labels.map(([label, value]) => `${label}=${value}`).join(',')}`]
  })
  return [...forAll.toSorted(), ...others.toSorted()]
}

/** The value of `config-domain` for a domain. */
function domainValue({selector}: DomainSetting): string {
  const labels = Object.entries(selector).map(
    ([label, value]) => `  ${label}: ${JSON.stringify(value)}\n`,
  )
  return labels.length === 0 ? '' : `selector:\n${labels.join('')}`
}

/**
 * The merge patch of `config-domain` that brings the domains about.
 *
 * Other domains for all Services go: of two, the first in the alphabet would win silently. Other
 * domains with a selector stay.
 */
export function domainPatch(
  data: ConfigData,
  domains: readonly DomainSetting[],
): Record<string, string | null> {
  const patch: Record<string, string | null> = {}
  const wanted = new Map(domains.map((domain) => [domain.name, domain]))
  for (const other of defaultDomains(data)) if (!wanted.has(other)) patch[other] = null
  for (const domain of domains) {
    const value = data?.[domain.name]
    if (value === undefined || !sameSelector(value, domain))
      patch[domain.name] = domainValue(domain)
  }
  return patch
}

function isForAll(domain: string, text: string): boolean {
  const selector = selectorOf(domain, text)
  return selector !== undefined && Object.keys(selector).length === 0
}

function sameSelector(text: string, {name, selector}: DomainSetting): boolean {
  const current = selectorOf(name, text)
  if (current === undefined) return false
  const labels = Object.keys(current)
  return (
    labels.length === Object.keys(selector).length &&
    labels.every((label) => current[label] === selector[label])
  )
}

function selectorOf(domain: string, text: string): Readonly<Record<string, string>> | undefined {
  try {
    return parseDomainConfig({[domain]: text}).domains.get(domain)
  } catch {
    return undefined
  }
}

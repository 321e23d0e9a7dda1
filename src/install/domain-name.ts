import {dns1123LabelProblems} from '../api/name-rules.ts'
import {CLUSTER_DOMAIN} from '../api/networking/names.ts'

// `<name>.<namespace>.<domain>` has to fit into 253 characters, and the shortest name and namespace
// take four.
const MAX_DOMAIN = 249

/**
 * Why `domain` cannot be the domain of Services, or undefined if it can.
 *
 * Knative's own webhook looks at none of this: a domain it cannot use ends in URLs nobody can open.
 */
export function domainProblem(domain: string): string | undefined {
  if (domain === '') return 'it is empty'
  if (/^[a-z]+:\/\//i.test(domain)) return 'it is a URL; give only its host'
  if (domain.startsWith('*.')) return `drop the "*.": ${domain.slice(2)}`
  if (domain !== domain.toLowerCase()) return `it has capital letters: ${domain.toLowerCase()}`
  if (domain.endsWith('.')) return `drop the dot at its end: ${domain.replace(/\.+$/, '')}`
  if (domain.length > MAX_DOMAIN) {
    return `it has ${domain.length} characters; with a name and a namespace before it, ${MAX_DOMAIN} fit`
  }
  if (/^[\d.]+$/.test(domain)) return 'it is an IP address; Services are told apart by host names'
  for (const label of domain.split('.')) {
    if (label === '') return 'it has two dots in a row or begins with a dot'
    if (label.length > 63) return `its part "${label}" has ${label.length} characters; 63 fit`
    if (dns1123LabelProblems(label).length > 0) {
      return `its part "${label}" may only have letters, digits and dashes, and no dash at an end`
    }
  }
  if (domain === CLUSTER_DOMAIN || domain.endsWith(`.${CLUSTER_DOMAIN}`)) {
    return 'Services under it are reachable only within the cluster'
  }
  return undefined
}

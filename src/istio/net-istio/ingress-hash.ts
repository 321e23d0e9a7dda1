import {createHash} from 'node:crypto'
import type {
  HTTPIngressPath,
  IngressBackendSplit,
  IngressRule,
  KIngress,
} from '../../api/networking/v1alpha1.ts'
import {escapeJson} from '../../util/go/json.ts'

/** The request header by which a prober asks for the hash, and learns it. */
export const HASH_HEADER = 'K-Network-Hash'
/** What the header says in a prober's request. */
export const HASH_HEADER_OVERRIDE = 'override'

/**
 * The hash of what a KIngress asks for. A gateway that answers with it has been programmed.
 *
 * Equal to upstream's, so the JSON below is Go's: fields in the order of its structs, keys of maps
 * sorted, empty fields left out.
 *
 * Counterpart of knative.dev/networking `pkg/ingress.ComputeHash`.
 */
export function computeIngressHash(ingress: KIngress): string {
  const {tls = [], rules = [], httpOption} = ingress.spec
  const spec = compact({
    tls: tls.map(({hosts, secretName, secretNamespace}) =>
      compact({hosts, secretName, secretNamespace}),
    ),
    rules: rules.map(ruleOf),
    httpOption,
  })
  return createHash('sha256')
    .update(escapeJson(JSON.stringify(spec)))
    .update(ingress.metadata.namespace ?? '')
    .update(ingress.metadata.name)
    .digest('hex')
}

function ruleOf({hosts, visibility, http}: IngressRule): object {
  return compact({hosts, visibility, http: http && {paths: http.paths.map(pathOf)}})
}

function pathOf(path: HTTPIngressPath): object {
  const {splits, appendHeaders, headers, rewriteHost} = path
  const before = compact({path: path.path, rewriteHost, headers: sorted(headers)})
  return {
    ...before,
    splits: splits.map(splitOf),
    ...compact({appendHeaders: sorted(appendHeaders)}),
  }
}

function splitOf(split: IngressBackendSplit): object {
  const {serviceNamespace, serviceName, servicePort, percent, appendHeaders} = split
  return {
    serviceNamespace,
    serviceName,
    servicePort,
    ...compact({percent, appendHeaders: sorted(appendHeaders)}),
  }
}

function sorted<V>(map: Record<string, V> | undefined): Record<string, V> | undefined {
  if (map === undefined) return undefined
  return Object.fromEntries(
    Object.entries(map).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  )
}

/** Leaves out what Go's `omitempty` leaves out. */
function compact(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)))
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '' || value === 0) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

import type {HeaderFields} from '../../http/header-fields.ts'

/**
 * Adds the standard `forwarded` field, made from the `x-forwarded-*` fields the gateway set.
 *
 * One that is there already is kept: whoever wrote it knew more. `x-forwarded-by` is left out, as
 * it cannot be matched with the addresses in `x-forwarded-for`.
 *
 * Counterpart of knative.dev/serving `pkg/queue` ForwardedShimHandler.
 */
export function addForwarded(headers: HeaderFields): void {
  if (headers.has('forwarded')) return
  const nodes = headers.get('x-forwarded-for') ?? ''
  const proto = headers.get('x-forwarded-proto') ?? ''
  const host = headers.get('x-forwarded-host') ?? ''
  if (nodes === '' && proto === '' && host === '') return
  headers.add('forwarded', makeForwarded(nodes, proto, host))
}

/** `for=client;host=name;proto=http, for=proxy`: host and protocol belong to the first node. */
export function makeForwarded(nodes: string, proto: string, host: string): string {
  const [first = '', ...others] = nodes === '' ? [] : nodes.split(',').map(formatNode)
  const head: string[] = []
  if (first !== '') head.push(first)
  if (host !== '') head.push(`host=${host}`)
  if (proto !== '') head.push(`proto=${proto}`)
  return [head.join(';'), ...others].join(', ')
}

/** An IPv6 address needs brackets and quotes (RFC 7239 §6). */
function formatNode(node: string): string {
  const address = node.trim()
  return address.includes(':') ? `for="[${address}]"` : `for=${address}`
}

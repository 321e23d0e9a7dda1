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
  const comma = nodes.indexOf(',')
  const first = comma < 0 ? nodes : nodes.slice(0, comma)
  let forwarded = first === '' ? '' : formatNode(first)
  if (host !== '') forwarded += `${forwarded === '' ? '' : ';'}host=${host}`
  if (proto !== '') forwarded += `${forwarded === '' ? '' : ';'}proto=${proto}`
  if (comma >= 0) {
    for (const node of nodes.slice(comma + 1).split(',')) forwarded += `, ${formatNode(node)}`
  }
  return forwarded
}

/** An IPv6 address needs brackets and quotes (RFC 7239 §6). */
function formatNode(node: string): string {
  const address = node.trim()
  return address.includes(':') ? `for="[${address}]"` : `for=${address}`
}

import {isIP} from 'node:net'

/** What is said of text that is no range of addresses. */
export const NOT_A_RANGE = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'

/** A range of addresses, as `10.9.8.0/24` writes it. */
export interface IpRange {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly bits: number
}

/** Reads a range of addresses; undefined for text that is none. */
export function parseIpRange(text: string): IpRange | undefined {
  const [, address = '', bits = ''] = /^([^/]+)\/([0-9]{1,3})$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) return undefined
  return {address, family: version === 4 ? 'ipv4' : 'ipv6', bits: Number(bits)}
}

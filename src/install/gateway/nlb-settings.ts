/** The Network Load Balancer in front of the gateway, as the user wants it. */
import {isIP} from 'node:net'
import {
  loadBalancerAttributeProblems,
  targetGroupAttributeProblems,
} from '../../aws/load-balancer-controller/attributes.ts'

/** How the Network Load Balancer is to be. */
export interface NlbSettings {
  readonly name: string
  readonly scheme: 'internet-facing' | 'internal'
  readonly targetType: 'instance' | 'ip'
  /** Ids or names; empty for those that carry the role tag. */
  readonly subnets: readonly string[]
  /** CIDRs that may connect. */
  readonly sourceRanges: readonly string[]
  readonly crossZone: boolean
  /** Attributes besides cross-zone balancing. */
  readonly attributes: Readonly<Record<string, string>>
  readonly targetGroupAttributes: Readonly<Record<string, string>>
  /** An ACM certificate; TLS then ends at the load balancer. */
  readonly certificateArn?: string
}

/** The load balancer of the walkthrough, without its contradictions. */
export const DEFAULT_NLB: NlbSettings = {
  name: 'istio-ingressgateway',
  scheme: 'internet-facing',
  targetType: 'instance',
  subnets: [],
  sourceRanges: ['0.0.0.0/0'],
  crossZone: true,
  attributes: {},
  targetGroupAttributes: {},
}

/** A setting that cannot be, by the flag that gives it. */
export interface SettingProblem {
  readonly flag: string
  readonly problem: string
}

const CROSS_ZONE = 'load_balancing.cross_zone.enabled'
const CERTIFICATE = /^arn:aws(-[a-z]+)*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/

/** All attributes of the load balancer, cross-zone balancing among them. */
export function allAttributes({crossZone, attributes}: NlbSettings): Record<string, string> {
  return {[CROSS_ZONE]: String(crossZone), ...attributes}
}

/** What is wrong with the settings: found before anything is written, where AWS finds it later. */
export function nlbProblems(nlb: NlbSettings): SettingProblem[] {
  const problems: SettingProblem[] = []
  const add = (flag: string, problem: string | undefined): void => {
    if (problem !== undefined) problems.push({flag, problem})
  }
  add('lb-name', nlbNameProblem(nlb.name))
  for (const subnet of nlb.subnets) add('subnets', subnetProblem(subnet))
  add('subnets', duplicate(nlb.subnets))
  for (const range of nlb.sourceRanges) add('source-ranges', cidrProblem(range))
  add('source-ranges', duplicate(nlb.sourceRanges))
  if (nlb.sourceRanges.length === 0) add('source-ranges', 'at least one range has to be given')
  for (const problem of loadBalancerAttributeProblems(nlb.attributes)) add('lb-attributes', problem)
  if (
    nlb.attributes[CROSS_ZONE] !== undefined &&
    nlb.attributes[CROSS_ZONE] !== String(nlb.crossZone)
  ) {
    add('lb-attributes', `${CROSS_ZONE} contradicts --${nlb.crossZone ? '' : 'no-'}cross-zone`)
  }
  for (const problem of targetGroupAttributeProblems(nlb.targetGroupAttributes)) {
    add('target-group-attributes', problem)
  }
  if (nlb.certificateArn !== undefined && !CERTIFICATE.test(nlb.certificateArn)) {
    add('acm-certificate', `"${nlb.certificateArn}" is not the ARN of an ACM certificate`)
  }
  return problems
}

/** Why AWS would refuse `name`, which the controller passes on unseen except for its length. */
export function nlbNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name.length > 32) return `"${name}" has ${name.length} characters; 32 fit`
  if (!/^[A-Za-z0-9-]+$/.test(name)) return `"${name}" may only have letters, digits and dashes`
  if (name.startsWith('-') || name.endsWith('-')) {
    return `"${name}" may not begin or end with a dash`
  }
  if (name.startsWith('internal-')) return `"${name}" may not begin with internal-`
  return undefined
}

/** Why `text` is not a range of addresses that an NLB can let through. */
export function cidrProblem(text: string): string | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const bits = slash < 0 ? '' : text.slice(slash + 1)
  const family = isIP(address)
  if (family === 0) return `"${text}" is not a range of addresses like 203.0.113.0/24`
  if (family === 6) return `"${text}" is an IPv6 range; the load balancer has IPv4 addresses only`
  if (bits === '') return `"${text}" has no length; for this address alone: ${address}/32`
  if (!/^\d{1,2}$/.test(bits) || Number(bits) > 32) {
    return `"${text}" has the length ${bits}; it has to be between 0 and 32`
  }
  const network = networkOf(address, Number(bits))
  return network === address
    ? undefined
    : `"${text}" has bits set after its length; the range is ${network}/${bits}`
}

function networkOf(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - bits)
  const start = Math.floor(value / size) * size
  return [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')
}

function subnetProblem(subnet: string): string | undefined {
  if (subnet === '') return 'one of them is empty'
  if (subnet.startsWith('subnet-') && !/^subnet-[0-9a-f]{8}([0-9a-f]{9})?$/.test(subnet)) {
    return `"${subnet}" is not the id of a subnet: subnet- and 8 or 17 hexadecimal digits`
  }
  return undefined
}

function duplicate(values: readonly string[]): string | undefined {
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  return twice === undefined ? undefined : `"${twice}" is given twice`
}

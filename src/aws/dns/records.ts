/** The wildcard record: what is there, whose it is, and what has to change. */
import {plainName, plainTarget} from './names.ts'

/** A record of Route 53. */
export interface DnsRecord {
  /** Without the dot at the end, `*` as it is. */
  readonly name: string
  readonly type: string
  /** As in zone files: texts in quotes. Empty for aliases. */
  readonly values: readonly string[]
  readonly ttl?: number
  readonly alias?: {
    readonly hostname: string
    readonly hostedZoneId: string
    readonly evaluateTargetHealth: boolean
  }
  /** Of weighted, failover and other records of which there are several. */
  readonly setIdentifier?: string
}

/** Where the record has to point. */
export interface RecordTarget {
  readonly hostname: string
  /** The zone of the load balancer's own name; undefined where AWS could not be asked. */
  readonly hostedZoneId?: string
  /** Whether there is an IPv6 address too. */
  readonly dualstack: boolean
}

/** How the record stands. */
export type RecordVerdict =
  | {readonly state: 'right'}
  | {readonly state: 'absent'}
  /** It points elsewhere; `current` says where. */
  | {readonly state: 'elsewhere'; readonly current: string}
  /** There are several of this name, by weight or place: not for a tool to touch. */
  | {readonly state: 'routed'; readonly current: string}

/** Whether the records of the wildcard's name point to the load balancer. */
export function judgeRecord(
  records: readonly DnsRecord[],
  name: string,
  target: RecordTarget,
): RecordVerdict {
  const addresses = records.filter(
    (record) => record.name === plainName(name) && ['A', 'AAAA', 'CNAME'].includes(record.type),
  )
  const [first] = addresses
  if (first === undefined) return {state: 'absent'}
  const routed = addresses.find(({setIdentifier}) => setIdentifier !== undefined)
  if (routed !== undefined) return {state: 'routed', current: describeRecord(routed)}
  const wrong = addresses.find((record) => !pointsTo(record, target))
  return wrong === undefined
    ? {state: 'right'}
    : {state: 'elsewhere', current: describeRecord(wrong)}
}

/** `A alias to lb.example.com`, `CNAME to x`. */
export function describeRecord({type, alias, values}: DnsRecord): string {
  return alias === undefined
    ? `${type} ${values.map(plainName).join(', ')}`
    : `${type} alias to ${plainTarget(alias.hostname)}`
}

function pointsTo({type, alias, values}: DnsRecord, target: RecordTarget): boolean {
  const wanted = plainTarget(target.hostname)
  if (alias !== undefined) {
    const sameZone = target.hostedZoneId === undefined || alias.hostedZoneId === target.hostedZoneId
    return sameZone && plainTarget(alias.hostname) === wanted
  }
  return type === 'CNAME' && values.length === 1 && plainTarget(values[0] ?? '') === wanted
}

/** Who made a record, by the text beside it. */
export interface RecordOwner {
  /** `external-dns`, `kntool`. */
  readonly heritage: string
  readonly owner: string
  readonly resource?: string
}

/** Reads `"heritage=external-dns,external-dns/owner=default,external-dns/resource=service/a/b"`. */
export function parseOwner(value: string): RecordOwner | undefined {
  const text = value.replaceAll(/^"|"$/g, '')
  const pairs = new Map(
    text.split(',').map((pair): [string, string] => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
  const heritage = pairs.get('heritage')
  if (heritage === undefined) return undefined
  const resource = pairs.get(`${heritage}/resource`)
  return {
    heritage,
    owner: pairs.get(`${heritage}/owner`) ?? '',
    ...(resource !== undefined && {resource}),
  }
}

/** The owners that the texts among `records` name. */
export function ownersOf(records: readonly DnsRecord[]): RecordOwner[] {
  return records
    .filter(({type}) => type === 'TXT')
    .flatMap(({values}) => values)
    .flatMap((value) => parseOwner(value) ?? [])
}

/**
 * The name of the text that says the record of `domain` is kntool's.
 *
 * Not the wildcard's own name: a text there would answer for every name under it, and challenges of
 * certificate authorities would find it.
 */
export function ownerRecordName(domain: string): string {
  return `_kntool.${domain}`
}

/** That text. */
export function ownerRecord(domain: string, cluster: string): DnsRecord {
  return {
    name: ownerRecordName(domain),
    type: 'TXT',
    ttl: 300,
    values: [
      `"heritage=kntool,kntool/owner=${cluster},kntool/resource=service/istio-system/istio-ingressgateway"`,
    ],
  }
}

/** The records that make `*.<domain>` point to the load balancer. */
export function wildcardRecords(
  domain: string,
  target: RecordTarget & {readonly hostedZoneId: string},
): DnsRecord[] {
  const alias = {
    hostname: target.hostname,
    hostedZoneId: target.hostedZoneId,
    // One target group without healthy targets would count, and that of port 443 never has any.
    evaluateTargetHealth: false,
  }
  const types = target.dualstack ? ['A', 'AAAA'] : ['A']
  return types.map((type) => ({name: `*.${domain}`, type, values: [], alias}))
}

/** What is asked of Route 53, and the one change that is made there. */
import type * as Sdk from '@aws-sdk/client-route-53'
import {explainAwsError} from '../errors.ts'
import {parentsOf, plainName} from './names.ts'
import type {DnsRecord} from './records.ts'
import type {HostedZone} from './zones.ts'

/** One change of a batch. */
export interface RecordChange {
  readonly action: 'CREATE' | 'UPSERT' | 'DELETE'
  readonly record: DnsRecord
}

/** Reads hosted zones and changes records. All of its methods throw `KntoolError`. */
export class HostedZones {
  readonly #sdk: typeof Sdk
  readonly #client: Sdk.Route53Client
  readonly #profile: string | undefined

  constructor(sdk: typeof Sdk, client: Sdk.Route53Client, profile: string | undefined) {
    this.#sdk = sdk
    this.#client = client
    this.#profile = profile
  }

  /** The zones whose names are ends of `domain`, and the one with the id `also`. */
  async candidates(domain: string, also?: string): Promise<HostedZone[]> {
    const names = parentsOf(domain).filter((name) => name.includes('.'))
    const pages = await Promise.all(names.map((name) => this.#zonesCalled(name)))
    const zones = pages.flat()
    const id = also?.replace(/^\/?hostedzone\//, '')
    if (id === undefined || id.includes('.') || zones.some((zone) => zone.id === id)) return zones
    return [...zones, ...(await this.#zoneWithId(id))]
  }

  /** The name servers that a public zone has to be delegated to. */
  async nameServers(zoneId: string): Promise<string[]> {
    const {DelegationSet} = await this.#send('GetHostedZone', () =>
      this.#client.send(new this.#sdk.GetHostedZoneCommand({Id: zoneId})),
    )
    return (DelegationSet?.NameServers ?? []).map(plainName)
  }

  /** All records of one name. */
  async records(zoneId: string, name: string): Promise<DnsRecord[]> {
    const {ResourceRecordSets = []} = await this.#send('ListResourceRecordSets', () =>
      this.#client.send(
        new this.#sdk.ListResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          StartRecordName: name,
          MaxItems: 100,
        }),
      ),
    )
    return ResourceRecordSets.map(fromSdk).filter((record) => record.name === plainName(name))
  }

  /** The records of every name that ends in `.<domain>`. */
  async recordsBelow(zoneId: string, domain: string): Promise<DnsRecord[]> {
    const below = `.${plainName(domain)}`
    const found: DnsRecord[] = []
    let start: Pick<Sdk.ListResourceRecordSetsRequest, 'StartRecordName' | 'StartRecordType'> = {
      StartRecordName: domain,
    }
    for (;;) {
      const from = start
      const page = await this.#send('ListResourceRecordSets', () =>
        this.#client.send(
          new this.#sdk.ListResourceRecordSetsCommand({HostedZoneId: zoneId, ...from}),
        ),
      )
      const records = (page.ResourceRecordSets ?? []).map(fromSdk)
      found.push(...records.filter(({name}) => name.endsWith(below)))
      // Names are sorted from their ends, so that those below a domain follow it without a gap.
      const isPast = records.some(({name}) => !`.${name}`.endsWith(below))
      if (isPast || !page.IsTruncated || page.NextRecordName === undefined) return found
      start = {StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType}
    }
  }

  /** Makes changes, all or none; the answer is the id to ask {@link isInSync} for. */
  async change(zoneId: string, comment: string, changes: readonly RecordChange[]): Promise<string> {
    const {ChangeInfo} = await this.#send('ChangeResourceRecordSets', () =>
      this.#client.send(
        new this.#sdk.ChangeResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          ChangeBatch: {
            Comment: comment,
            Changes: changes.map(({action, record}): Sdk.Change => ({
              Action: action,
              ResourceRecordSet: toSdk(record),
            })),
          },
        }),
      ),
    )
    return (ChangeInfo?.Id ?? '').replace(/^\/?change\//, '')
  }

  /** Whether all name servers of Route 53 know a change. */
  async isInSync(changeId: string): Promise<boolean> {
    const {ChangeInfo} = await this.#send('GetChange', () =>
      this.#client.send(new this.#sdk.GetChangeCommand({Id: changeId})),
    )
    return ChangeInfo?.Status === 'INSYNC'
  }

  async #zonesCalled(name: string): Promise<HostedZone[]> {
    const {HostedZones: zones = []} = await this.#send('ListHostedZonesByName', () =>
      this.#client.send(new this.#sdk.ListHostedZonesByNameCommand({DNSName: name, MaxItems: 100})),
    )
    return zones.map(zoneFromSdk).filter((zone) => zone.name === name)
  }

  async #zoneWithId(id: string): Promise<HostedZone[]> {
    try {
      const {HostedZone: zone} = await this.#client.send(
        new this.#sdk.GetHostedZoneCommand({Id: id}),
      )
      return zone === undefined ? [] : [zoneFromSdk(zone)]
    } catch (error) {
      if (error instanceof Error && /NoSuchHostedZone|InvalidInput/.test(error.name)) return []
      throw explainAwsError(error, {action: 'route53:GetHostedZone', profile: this.#profile})
    }
  }

  async #send<T>(operation: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      throw explainAwsError(error, {action: `route53:${operation}`, profile: this.#profile})
    }
  }
}

function zoneFromSdk({
  Id = '',
  Name = '',
  Config,
}: {
  Id?: string | undefined
  Name?: string | undefined
  Config?: {PrivateZone?: boolean | undefined} | undefined
}): HostedZone {
  return {
    id: Id.replace(/^\/?hostedzone\//, ''),
    name: plainName(Name),
    private: Config?.PrivateZone ?? false,
  }
}

function fromSdk(set: Sdk.ResourceRecordSet): DnsRecord {
  const {AliasTarget: alias} = set
  return {
    name: plainName(set.Name ?? ''),
    type: set.Type ?? '',
    values: (set.ResourceRecords ?? []).map(({Value = ''}) => Value),
    ...(set.TTL !== undefined && alias === undefined && {ttl: set.TTL}),
    ...(alias !== undefined && {
      alias: {
        hostname: alias.DNSName ?? '',
        hostedZoneId: alias.HostedZoneId ?? '',
        evaluateTargetHealth: alias.EvaluateTargetHealth ?? false,
      },
    }),
    ...(set.SetIdentifier !== undefined && {setIdentifier: set.SetIdentifier}),
  }
}

function toSdk({name, type, values, ttl, alias}: DnsRecord): Sdk.ResourceRecordSet {
  return {
    Name: name,
    Type: type as Sdk.RRType,
    ...(alias === undefined
      ? {TTL: ttl ?? 300, ResourceRecords: values.map((Value) => ({Value}))}
      : {
          AliasTarget: {
            DNSName: alias.hostname,
            HostedZoneId: alias.hostedZoneId,
            EvaluateTargetHealth: alias.evaluateTargetHealth,
          },
        }),
  }
}

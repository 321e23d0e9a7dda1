import type {CoreService} from '../../src/api/core/v1.ts'
import type {AwsAccess, HostedZoneApi, LoadBalancerApi} from '../../src/aws/aws-access.ts'
import type {RecordChange} from '../../src/aws/dns/hosted-zones.ts'
import {plainName} from '../../src/aws/dns/names.ts'
import type {DnsRecord} from '../../src/aws/dns/records.ts'
import type {HostedZone} from '../../src/aws/dns/zones.ts'
import {NLB_ANNOTATIONS} from '../../src/aws/load-balancer-controller/annotations.ts'
import type {LoadBalancer, TargetHealth} from '../../src/aws/load-balancers/load-balancers.ts'
import type {DnsResolver, Probe} from '../../src/install/network.ts'

/** An account of AWS in memory, with the network behind it. */
export interface FakeAws {
  readonly aws: AwsAccess
  readonly probe: Probe
  readonly dns: DnsResolver
  readonly balancers: Map<string, {balancer: LoadBalancer; tags: Record<string, string>}>
  targets: TargetHealth[]
  readonly zones: HostedZone[]
  readonly records: DnsRecord[]
  /** Thrown by every call while it is set. */
  failure: Error | undefined
  /** Calls that change something. */
  readonly changes: string[]
  /** What the controller does for a Service; the answer is the host name. */
  make(service: CoreService): string | Promise<string>
  remove(service: CoreService): void
}

/** An account with the public zone `example.com`. */
export function fakeAws(): FakeAws {
  const calls = (): void => {
    if (fake.failure !== undefined) throw fake.failure
  }
  const loadBalancers: LoadBalancerApi = {
    region: 'eu-central-1',
    async findByHostname(hostname) {
      calls()
      return [...fake.balancers.values()].find(({balancer}) => balancer.hostname === hostname)
        ?.balancer
    },
    async findByName(name) {
      calls()
      return fake.balancers.get(name)?.balancer
    },
    async tags(arns) {
      calls()
      const found = [...fake.balancers.values()].filter(({balancer}) => arns.includes(balancer.arn))
      return new Map(found.map(({balancer, tags}) => [balancer.arn, tags]))
    },
    async listeners() {
      calls()
      return [{port: 80, protocol: 'TCP', targetGroups: ['tg-80']}]
    },
    async targetHealth() {
      calls()
      return fake.targets
    },
  }
  const hostedZones: HostedZoneApi = {
    async candidates(domain) {
      calls()
      return fake.zones.filter(({name}) => domain === name || domain.endsWith(`.${name}`))
    },
    async nameServers() {
      calls()
      return ['ns-1.awsdns-01.org']
    },
    async records(_zone, name) {
      calls()
      return fake.records.filter((record) => record.name === plainName(name))
    },
    async recordsBelow(_zone, domain) {
      calls()
      return fake.records.filter((record) => record.name.endsWith(`.${domain}`))
    },
    async change(zone, _comment, changes) {
      calls()
      for (const change of changes) applyChange(fake, zone, change)
      return 'C1'
    },
    async isInSync() {
      calls()
      return true
    },
  }
  const resolves = (host: string): boolean =>
    fake.records.some(
      ({name, type}) => type !== 'TXT' && name.startsWith('*.') && host.endsWith(name.slice(1)),
    )
  const fake: FakeAws = {
    aws: {loadBalancers: async () => loadBalancers, hostedZones: async () => hostedZones},
    dns: {
      addresses: async (host) => (resolves(host) ? ['192.0.2.1'] : []),
      nameServers: async () => ['ns-1.awsdns-01.org'],
    },
    probe: async (url) => ({
      status: url.includes('kntool-probe') ? 404 : 200,
      headers: {server: 'istio-envoy'},
      text: url.includes('kntool-probe') ? '' : 'Hello kntool!\n',
    }),
    balancers: new Map(),
    targets: [{id: 'i-0', state: 'healthy'}],
    zones: [{id: 'Z1', name: 'example.com', private: false}],
    records: [],
    failure: undefined,
    changes: [],
    make(service) {
      const balancer = balancerOf(service)
      const tags = {
        'elbv2.k8s.aws/cluster': 'test',
        'service.k8s.aws/stack': `${service.metadata.namespace}/${service.metadata.name}`,
        'service.k8s.aws/resource': 'LoadBalancer',
      }
      fake.balancers.set(balancer.name, {balancer, tags})
      return balancer.hostname
    },
    remove(service) {
      fake.balancers.delete(balancerOf(service).name)
    },
  }
  return fake
}

function balancerOf({metadata}: CoreService): LoadBalancer {
  const annotations = metadata.annotations ?? {}
  const name = annotations[NLB_ANNOTATIONS.name] ?? 'k8s-istiosys-istioing-0123456789'
  return {
    arn: `arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/net/${name}/0123456789abcdef`,
    name,
    hostname: `${name}-0123456789abcdef.elb.eu-central-1.amazonaws.com`,
    hostedZoneId: 'Z3F0SRJ5LGBH90',
    type: 'network',
    scheme: annotations[NLB_ANNOTATIONS.scheme] ?? 'internal',
    ipAddressType: 'ipv4',
    state: 'active',
    zones: [{name: 'eu-central-1a', subnet: 'subnet-0a'}],
  }
}

function applyChange(fake: FakeAws, zone: string, {action, record}: RecordChange): void {
  fake.changes.push(`${action} ${record.name} ${record.type} in ${zone}`)
  const index = fake.records.findIndex(
    ({name, type}) => name === record.name && type === record.type,
  )
  if (index >= 0) fake.records.splice(index, 1)
  if (action !== 'DELETE') fake.records.push(record)
}

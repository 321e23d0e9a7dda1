/**
 * AWS as it answers over the wire, for what an emulator does otherwise: load balancers that take
 * their time, targets that are not healthy at once, changes that are pending, `*` as `\052`, host
 * names and zones as in a region. The forms of the answers are those of the services' own APIs.
 */
import type {IncomingMessage, ServerResponse} from 'node:http'
import {plainName} from '../../src/aws/dns/names.ts'
import {type FileServer, startFileServer} from './file-server.ts'

/** A load balancer there. */
interface Balancer {
  readonly name: string
  readonly scheme: string
  readonly tags: Readonly<Record<string, string>>
  /** How often it was looked at. */
  looks: number
}

/** What AWS holds; whoever starts it closes it. */
export interface AwsStandIn {
  readonly server: FileServer
  /** `UPSERT *.knative.example.com A`, in order. */
  readonly changes: string[]
  /** `PENDING` and `INSYNC`, as they were answered. */
  readonly changeStates: string[]
  /** `provisioning` and `active`, as they were answered. */
  readonly balancerStates: string[]
  /** Reasons of targets, as they were answered. */
  readonly targetReasons: string[]
  /** Whether every call is answered with `Throttling` once before it is answered. */
  throttles: boolean
  make(name: string, scheme: string, tags: Readonly<Record<string, string>>): string
}

const REGION = 'eu-central-1'
const ZONE = {id: 'Z0123456789ABC', name: 'example.com'}
const BALANCER_ZONE = 'Z3F0SRJ5LGBH90'
const ELB = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/'
const ROUTE_53 = 'https://route53.amazonaws.com/doc/2013-04-01/'
const TARGETS = ['Elb.RegistrationInProgress', 'Target.FailedHealthChecks', 'healthy']

/** Starts it with the public zone `example.com`. */
export async function startAwsStandIn(): Promise<AwsStandIn> {
  const balancers = new Map<string, Balancer>()
  const records = new Map<string, string>()
  const throttled = new Set<string>()
  let pending = 0
  let targetLooks = 0
  const server = await startFileServer({})
  const account: AwsStandIn = {
    server,
    changes: [],
    changeStates: [],
    balancerStates: [],
    targetReasons: [],
    throttles: false,
    make(name, scheme, tags) {
      balancers.set(name, {name, scheme, tags, looks: 0})
      return hostOf(name)
    },
  }
  server.answers = new Proxy({}, {get: () => answerAny})
  return account

  function answerAny(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const call = `${request.method} ${request.url} ${body}`
      const {status, text} =
        account.throttles && !throttled.has(call)
          ? (throttled.add(call), fail(400, 'Throttling', 'Rate exceeded'))
          : answer(request, body)
      response.writeHead(status, {'content-type': 'text/xml'}).end(`<?xml version="1.0"?>${text}`)
    })
  }

  function answer({method, url = ''}: IncomingMessage, body: string): Answer {
    const {pathname, searchParams} = new URL(url, 'http://aws')
    if (method === 'POST' && pathname === '/') return elb(new URLSearchParams(body))
    if (pathname.endsWith('/hostedzonesbyname')) return zones(searchParams.get('dnsname') ?? '')
    if (pathname.includes('/change/')) return change()
    if (pathname.endsWith('/rrset') && method === 'POST') return changeRecords(body)
    if (pathname.endsWith('/rrset')) return listRecords()
    return ok(
      'GetHostedZoneResponse',
      ROUTE_53,
      `${zoneXml()}<DelegationSet><NameServers><NameServer>ns-1.awsdns-01.org</NameServer></NameServers></DelegationSet>`,
    )
  }

  function elb(parameters: URLSearchParams): Answer {
    const action = parameters.get('Action') ?? ''
    const all = [...balancers.values()]
    const arn = parameters.get('LoadBalancerArn') ?? parameters.get('ResourceArns.member.1') ?? ''
    const one = all.find(({name}) => arnOf(name) === arn)
    switch (action) {
      case 'DescribeLoadBalancers': {
        const name = parameters.get('Names.member.1')
        const found = name === null ? all : all.filter((balancer) => balancer.name === name)
        if (name !== null && found.length === 0) {
          return fail(400, 'LoadBalancerNotFound', `Load balancers '[${name}]' not found`)
        }
        return elbResult(
          action,
          `<LoadBalancers>${found.map(balancerXml).join('')}</LoadBalancers>`,
        )
      }
      case 'DescribeTags': {
        const tags = Object.entries(one?.tags ?? {})
          .map(([key, value]) => `<member><Key>${key}</Key><Value>${value}</Value></member>`)
          .join('')
        return elbResult(
          action,
          `<TagDescriptions><member><ResourceArn>${arn}</ResourceArn><Tags>${tags}</Tags></member></TagDescriptions>`,
        )
      }
      case 'DescribeListeners':
        return elbResult(action, `<Listeners>${listenerXml(443)}${listenerXml(80)}</Listeners>`)
      case 'DescribeTargetHealth':
        return elbResult(action, targetXml())
      default:
        return fail(400, 'InvalidAction', action)
    }
  }

  function balancerXml(balancer: Balancer): string {
    const state = balancer.looks++ < 2 ? 'provisioning' : 'active'
    account.balancerStates.push(state)
    return `<member><LoadBalancerArn>${arnOf(balancer.name)}</LoadBalancerArn><LoadBalancerName>${balancer.name}</LoadBalancerName><DNSName>${hostOf(balancer.name)}</DNSName><CanonicalHostedZoneId>${BALANCER_ZONE}</CanonicalHostedZoneId><Type>network</Type><Scheme>${balancer.scheme}</Scheme><IpAddressType>ipv4</IpAddressType><State><Code>${state}</Code></State><AvailabilityZones><member><ZoneName>${REGION}a</ZoneName><SubnetId>subnet-0a</SubnetId></member></AvailabilityZones></member>`
  }

  function targetXml(): string {
    const reason = TARGETS[Math.min(targetLooks++, TARGETS.length - 1)] ?? 'healthy'
    account.targetReasons.push(reason)
    const state = reason.startsWith('Elb') ? 'initial' : 'unhealthy'
    const health =
      reason === 'healthy'
        ? '<State>healthy</State>'
        : `<State>${state}</State><Reason>${reason}</Reason><Description>not yet</Description>`
    return `<TargetHealthDescriptions><member><Target><Id>i-0123</Id><Port>30080</Port></Target><TargetHealth>${health}</TargetHealth></member></TargetHealthDescriptions>`
  }

  function change(): Answer {
    const state = pending-- > 0 ? 'PENDING' : 'INSYNC'
    account.changeStates.push(state)
    return ok('GetChangeResponse', ROUTE_53, changeInfo(state))
  }

  function changeRecords(body: string): Answer {
    const changes = [...body.matchAll(/<Change>(.*?)<\/Change>/gs)].map(([, text = '']) => ({
      action: within(text, 'Action'),
      name: plainName(within(text, 'Name')),
      type: within(text, 'Type'),
      set: within(text, 'ResourceRecordSet'),
    }))
    for (const {name, type, action} of changes) {
      if (action === 'DELETE' || type === 'TXT' || !records.has(`${name} CNAME`)) continue
      const message = `RRSet of type ${type} with DNS name ${name.replace('*', '\\052')}. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${ZONE.name}.`
      return {
        status: 400,
        text: `<InvalidChangeBatch xmlns="${ROUTE_53}"><Messages><Message>${message}</Message></Messages><RequestId>r</RequestId></InvalidChangeBatch>`,
      }
    }
    for (const {action, name, type, set} of changes) {
      account.changes.push(`${action} ${name} ${type}`)
      if (action === 'DELETE') records.delete(`${name} ${type}`)
      else records.set(`${name} ${type}`, asStored(set))
    }
    pending = 2
    return ok('ChangeResourceRecordSetsResponse', ROUTE_53, changeInfo('PENDING'))
  }

  function listRecords(): Answer {
    const sets = [...records.values()].map((set) => `<ResourceRecordSet>${set}</ResourceRecordSet>`)
    return ok(
      'ListResourceRecordSetsResponse',
      ROUTE_53,
      `<ResourceRecordSets>${sets.join('')}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems>`,
    )
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

/** As Route 53 gives names back: with `\052` for `*`, and with a dot at the end. */
function asStored(set: string): string {
  const end = (text: string): string => `${text.replace('*', '\\052').replace(/\.$/, '')}.`
  return set
    .replace(/<Name>(.*?)<\/Name>/, (_, name: string) => `<Name>${end(name)}</Name>`)
    .replace(/<DNSName>(.*?)<\/DNSName>/, (_, name: string) => `<DNSName>${end(name)}</DNSName>`)
}

function zones(domain: string): Answer {
  const found = domain === ZONE.name ? zoneXml() : ''
  return ok(
    'ListHostedZonesByNameResponse',
    ROUTE_53,
    `<HostedZones>${found}</HostedZones><DNSName>${domain}</DNSName><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems>`,
  )
}

function zoneXml(): string {
  return `<HostedZone><Id>/hostedzone/${ZONE.id}</Id><Name>${ZONE.name}.</Name><CallerReference>c</CallerReference><Config><PrivateZone>false</PrivateZone></Config></HostedZone>`
}

function changeInfo(state: string): string {
  return `<ChangeInfo><Id>/change/C1</Id><Status>${state}</Status><SubmittedAt>2024-04-22T00:00:00Z</SubmittedAt></ChangeInfo>`
}

function listenerXml(port: number): string {
  return `<member><Port>${port}</Port><Protocol>TCP</Protocol><DefaultActions><member><Type>forward</Type><TargetGroupArn>tg-${port}</TargetGroupArn></member></DefaultActions></member>`
}

function elbResult(action: string, inner: string): Answer {
  return ok(`${action}Response`, ELB, `<${action}Result>${inner}</${action}Result>`)
}

function ok(name: string, namespace: string, inner: string): Answer {
  return {status: 200, text: `<${name} xmlns="${namespace}">${inner}</${name}>`}
}

function fail(status: number, code: string, message: string): Answer {
  return {
    status,
    text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  }
}

function within(text: string, tag: string): string {
  return new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(text)?.[1] ?? ''
}

function arnOf(name: string): string {
  return `arn:aws:elasticloadbalancing:${REGION}:123456789012:loadbalancer/net/${name}/0123456789abcdef`
}

function hostOf(name: string): string {
  return `${name}-0123456789abcdef.elb.${REGION}.amazonaws.com`
}

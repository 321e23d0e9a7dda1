/**
 * What `kntool install` refuses before it writes anything: the whole error and the exit code, as a
 * person at a terminal sees them. The cluster is a real API server; AWS is an emulator or answers as
 * AWS gives them.
 */
import {mkdtempSync, rmSync} from 'node:fs'
import type {ServerResponse} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as Elb from '@aws-sdk/client-elastic-load-balancing-v2'
import * as Route53 from '@aws-sdk/client-route-53'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest'
import {DEPLOYMENTS} from '../../../src/api/apps/v1.ts'
import type {Connection} from '../../../src/operations/connection.ts'
import {useAwsEnvironment} from '../../support/aws-env.ts'
import {defaultSubnets, type Moto, startMoto} from '../../support/aws-moto.ts'
import {denying} from '../../support/denied-rights.ts'
import {externalDnsDeployment} from '../../support/external-dns.ts'
import {type FileServer, startFileServer} from '../../support/file-server.ts'
import {InstallCluster} from '../../support/install-cluster.ts'
import {writeRelease} from '../../support/release-folder.ts'
import {type CommandRun, runCommand} from '../../support/run-command.ts'
import {MUTATING_WEBHOOKS, SERVICE_WEBHOOK} from '../../support/service-webhook.ts'
import {MOTO, needs} from '../../support/requirements.ts'

const connections = vi.hoisted(() => ({current: undefined as Connection | undefined}))
vi.mock('../../../src/operations/connect.ts', () => ({connect: async () => connections.current}))

const NOTHING_WRITTEN = '  Nothing was written.\n'
const LBC = {namespace: 'kube-system', name: 'aws-load-balancer-controller'}

let folder: string
let cluster: InstallCluster
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kntool-refusals-'))
  await writeRelease(folder, {version: '1.13.1', istio: '1.20.3'})
})
afterAll(() => rmSync(folder, {recursive: true}))
beforeEach(async () => {
  cluster = await new InstallCluster().start()
  connections.current = cluster.connection
})
afterEach(() => cluster.stop())

function install(...args: string[]): Promise<CommandRun> {
  const domain = args.includes('--domain') ? [] : ['--domain', 'knative.example.com']
  return runCommand(['install', ...domain, '--manifests', folder, '--yes', ...args])
}

async function refusal(...args: string[]): Promise<Pick<CommandRun, 'stderr' | 'exitCode'>> {
  const {stderr, exitCode, stdout} = await install(...args)
  expect(stdout).toBe('')
  expect(cluster.writes).toEqual([])
  const start = stderr.indexOf('Error: ')
  return {stderr: stderr.slice(Math.max(start, 0)), exitCode}
}

describe('install refuses what cannot be meant', () => {
  test.each([
    [
      ['--domain', '*.knative.example.com'],
      'Error: "*.knative.example.com" cannot be the domain of services: drop the "*.": knative.example.com\n',
    ],
    [
      ['--domain', 'Knative.example.com'],
      'Error: "Knative.example.com" cannot be the domain of services: it has capital letters: knative.example.com\n',
    ],
    [
      ['--domain', 'a.example.com', '--domain', 'b.example.com'],
      'Error: invalid --domain: "a.example.com" and "b.example.com" are both for all services: Knative would use "a.example.com" for every one; give the other a selector: b.example.com:app=web\n',
    ],
    [
      ['--source-ranges', '10.0.0.1/8'],
      'Error: invalid --source-ranges: "10.0.0.1/8" has bits set after its length; the range is 10.0.0.0/8\n',
    ],
    [
      ['--source-ranges', 'everybody'],
      'Error: invalid --source-ranges: "everybody" is not a range of addresses like 203.0.113.0/24\n',
    ],
    [
      ['--lb-name', 'internal-gateway'],
      'Error: invalid --lb-name: "internal-gateway" may not begin with internal-\n',
    ],
    [
      ['--dns', 'none', '--hosted-zone', 'Z0123456789ABC'],
      'Error: --hosted-zone says where the record is made, and --dns none that it is not\n',
    ],
    [
      ['--knative-version', '0.9'],
      'Error: invalid --knative-version: nothing is known about 0.9; there are: 1.11, 1.12, 1.13, 1.14, 1.15, 1.16, 1.17, 1.18, 1.19, 1.20, 1.21, 1.22\n',
    ],
  ])('%j', async (args, message) => {
    expect(await refusal(...args)).toEqual({
      stderr: `${message}  kntool install --help\n`,
      exitCode: 2,
    })
  })

  test('an Istio that the release does not have', async () => {
    expect(await refusal('--istio-version', '1.19.0')).toEqual({
      stderr:
        'Error: The release 1.13.1 has Istio 1.20.3, not 1.19.0.\n' +
        '  Leave out --istio-version, or give files that have it: --manifests DIR\n',
      exitCode: 2,
    })
  })
})

describe('install refuses clusters that do not fit', () => {
  test('a Kubernetes that is too old', async () => {
    cluster.version = 'v1.26.9-eks-1'
    expect(await refusal('--load-balancer', 'service', '--dns', 'none')).toEqual({
      stderr:
        'Error: Kubernetes 1.26 is older than 1.27, which Knative 1.13 needs.\n' +
        '  Upgrade the cluster, or install an older Knative: --knative-version\n' +
        '  kubectl version\n' +
        NOTHING_WRITTEN,
      exitCode: 1,
    })
  })

  test('a Kubernetes that is newer than Istio was tested on is said, and goes on', async () => {
    cluster.version = 'v1.31.2-eks-1'
    const run = await install('--load-balancer', 'service', '--dns', 'none', '--dry-run', 'client')
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain(
      '? Istio 1.20 is tested on Kubernetes 1.25 to 1.29; this is 1.31.\n',
    )
    expect(cluster.writes).toEqual([])
  })

  test('one right that is lacking', async () => {
    cluster.fault = denying(
      ({resource, verb}) => resource === 'customresourcedefinitions' && verb === 'create',
    )
    expect(await refusal('--load-balancer', 'service', '--dns', 'none')).toEqual({
      stderr:
        'Error: An installation needs rights you do not have: create customresourcedefinitions.apiextensions.k8s.io.\n' +
        '  Ask an administrator of the cluster, or choose another context: --context NAME\n' +
        '  kubectl auth can-i create customresourcedefinitions.apiextensions.k8s.io\n' +
        NOTHING_WRITTEN,
      exitCode: 5,
    })
  })

  test('rights of one namespace are named with it', async () => {
    cluster.fault = denying(
      ({resource, verb, namespace}) =>
        resource === 'configmaps' && verb === 'patch' && namespace === 'knative-serving',
    )
    const {stderr, exitCode} = await refusal('--load-balancer', 'service', '--dns', 'none')
    expect(stderr.split('\n')[0]).toBe(
      'Error: An installation needs rights you do not have: patch configmaps in knative-serving.',
    )
    expect(exitCode).toBe(5)
  })

  test('no AWS Load Balancer Controller, where an NLB is asked for', async () => {
    await cluster.client.delete(DEPLOYMENTS, LBC)
    expect(await refusal('--load-balancer', 'nlb', '--dns', 'none')).toEqual({
      stderr:
        'Error: There is no AWS Load Balancer Controller in this cluster: nobody would make the NLB.\n' +
        '  Install it, or take what the cluster gives: --load-balancer service\n' +
        '  helm install aws-load-balancer-controller eks/aws-load-balancer-controller -n kube-system --set clusterName=CLUSTER\n' +
        NOTHING_WRITTEN,
      exitCode: 1,
    })
  })

  test('one that is not ready', async () => {
    const found = await cluster.client.get(DEPLOYMENTS, LBC)
    await cluster.client.updateStatus(DEPLOYMENTS, {...found, status: {replicas: 1}})
    expect(await refusal('--dns', 'none')).toEqual({
      stderr:
        'Error: The AWS Load Balancer Controller kube-system/aws-load-balancer-controller has no pod that is available.\n' +
        '  kubectl logs deployment/aws-load-balancer-controller -n kube-system\n' +
        NOTHING_WRITTEN,
      exitCode: 1,
    })
  })

  test('one whose webhook would refuse every Service of the cluster', async () => {
    await cluster.client.create(MUTATING_WEBHOOKS, SERVICE_WEBHOOK)
    expect(await refusal('--dns', 'none')).toEqual({
      stderr:
        'Error: aws-load-balancer-webhook-service has no ready endpoint (0 of 0): every creation of a Service in this cluster fails.\n' +
        '  The AWS Load Balancer Controller kube-system/aws-load-balancer-controller has to run.\n' +
        '  kubectl logs deployment/aws-load-balancer-controller -n kube-system\n' +
        NOTHING_WRITTEN,
      exitCode: 1,
    })
  })

  test('several at once are all named', async () => {
    cluster.version = 'v1.26.9-eks-1'
    await cluster.client.delete(DEPLOYMENTS, LBC)
    const {stderr, exitCode} = await refusal('--dns', 'none')
    expect(stderr).toMatch(
      /^Error: 2 things stand in the way of the installation:\n {2}- Kubernetes 1\.26 is older .*\n {2}- There is no AWS Load Balancer Controller /,
    )
    expect(exitCode).toBe(1)
  })
})

describe('install refuses what AWS has', needs(MOTO), () => {
  let moto: Moto
  beforeAll(async () => {
    moto = await startMoto()
  })
  afterAll(() => moto.stop())
  useAwsEnvironment(() => moto.endpoint)
  beforeEach(() => moto.reset())

  async function makeZone(name: string): Promise<string> {
    const {HostedZone} = await new Route53.Route53Client({}).send(
      new Route53.CreateHostedZoneCommand({Name: name, CallerReference: name}),
    )
    return (HostedZone?.Id ?? '').replace('/hostedzone/', '')
  }

  test('the name of a load balancer of another cluster', async () => {
    const subnets = await defaultSubnets(moto.endpoint, 'eu-central-1')
    await new Elb.ElasticLoadBalancingV2Client({region: 'eu-central-1'}).send(
      new Elb.CreateLoadBalancerCommand({
        Name: 'istio-ingressgateway',
        Type: 'network',
        Subnets: subnets.slice(0, 1),
        Tags: [
          {Key: 'elbv2.k8s.aws/cluster', Value: 'other'},
          {Key: 'service.k8s.aws/stack', Value: 'istio-system/istio-ingressgateway'},
          {Key: 'service.k8s.aws/resource', Value: 'LoadBalancer'},
        ],
      }),
    )
    expect(await refusal('--dns', 'none', '--region', 'eu-central-1')).toEqual({
      stderr:
        'Error: There is a load balancer "istio-ingressgateway" already, and it belongs to the cluster other: it would be taken over.\n' +
        '  Choose another name: --lb-name NAME\n' +
        '  aws elbv2 describe-load-balancers --names istio-ingressgateway\n' +
        NOTHING_WRITTEN,
      exitCode: 7,
    })
  })

  test('a region in which the cluster is not', async () => {
    expect(await refusal('--dns', 'none', '--region', 'us-west-2')).toEqual({
      stderr:
        'Error: AWS is asked in us-west-2; the nodes of the cluster are in eu-central-1.\n' +
        '  Ask there: --region eu-central-1; or choose another context: --context NAME\n' +
        '  export AWS_REGION=eu-central-1\n' +
        NOTHING_WRITTEN,
      exitCode: 2,
    })
  })

  test('a domain without a zone', async () => {
    await makeZone('example.org')
    const {stderr, exitCode} = await refusal('--dns', 'route53', '--region', 'eu-central-1')
    expect(stderr.split('\n')[0]).toBe(
      'Error: No hosted zone of this account holds knative.example.com.',
    )
    expect(exitCode).toBe(3)
  })

  test('a record that somebody else made', async () => {
    const zone = await makeZone('example.com')
    await new Route53.Route53Client({}).send(
      new Route53.ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: {
          Changes: [
            {
              Action: 'CREATE',
              ResourceRecordSet: {
                Name: '*.knative.example.com',
                Type: 'CNAME',
                TTL: 60,
                ResourceRecords: [{Value: 'old.example.net'}],
              },
            },
          ],
        },
      }),
    )
    expect(await refusal('--dns', 'route53', '--region', 'eu-central-1')).toEqual({
      stderr:
        `Error: *.knative.example.com exists in the zone example.com (${zone}) and is not kntool's: CNAME old.example.net.\n` +
        '  Remove it, if nobody needs it, and run install again.\n' +
        `  aws route53 list-resource-record-sets --hosted-zone-id ${zone} --query "ResourceRecordSets[?contains(Name,'knative.example.com')]"\n` +
        NOTHING_WRITTEN,
      exitCode: 7,
    })
  })

  test('an ExternalDNS that does not see the zone', async () => {
    await makeZone('example.com')
    await cluster.client.create(
      DEPLOYMENTS,
      externalDnsDeployment('--domain-filter=knative.example.com'),
    )
    expect(await refusal('--region', 'eu-central-1')).toEqual({
      stderr:
        "Error: ExternalDNS kube-system/external-dns with --domain-filter=knative.example.com does not see the zone example.com: the filter has to be an end of the zone's name: --domain-filter=example.com.\n" +
        '  Or have kntool make the record: --dns route53; or make it yourself: --dns none\n' +
        '  kubectl get deployments -A -l app.kubernetes.io/name=external-dns -o yaml\n' +
        NOTHING_WRITTEN,
      exitCode: 1,
    })
  })
})

describe('install refuses to begin what AWS would not let it end', () => {
  let server: FileServer
  beforeEach(async () => {
    server = await startFileServer({})
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    return server.close()
  })
  useAwsEnvironment(() => server.url)

  /** Route 53's form of an error, whatever is asked. */
  function answer(status: number, code: string, message: string): void {
    server.answers = new Proxy(
      {},
      {
        get: () => (_request: unknown, response: ServerResponse) =>
          void response
            .writeHead(status, {'content-type': 'text/xml'})
            .end(
              `<?xml version="1.0"?><ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
            ),
      },
    )
  }

  const ROUTE_53 = ['--dns', 'route53', '--load-balancer', 'service']

  test('credentials that have expired', async () => {
    answer(403, 'ExpiredToken', 'The security token included in the request is expired')
    expect(await refusal(...ROUTE_53)).toEqual({
      stderr:
        'Error: The AWS credentials have expired (route53:ListHostedZonesByName).\n' +
        '  Sign in again: aws sso login\n' +
        NOTHING_WRITTEN,
      exitCode: 5,
    })
  })

  test('an action that is not allowed', async () => {
    answer(
      403,
      'AccessDenied',
      'User: arn:aws:iam::123456789012:user/dev is not authorized to perform: route53:ListHostedZonesByName because no identity-based policy allows it',
    )
    const {stderr, exitCode} = await refusal(...ROUTE_53)
    expect(stderr.split('\n')[0]).toBe(
      'Error: The AWS credentials do not allow route53:ListHostedZonesByName.',
    )
    expect(exitCode).toBe(5)
  })

  test('a Route 53 that throttles to the end', async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2')
    answer(400, 'Throttling', 'Rate exceeded')
    expect(await refusal(...ROUTE_53)).toEqual({
      stderr:
        'Error: AWS throttles route53:ListHostedZonesByName: Rate exceeded\n' +
        '  Run the same command again in a minute: it goes on where it stopped.\n' +
        NOTHING_WRITTEN,
      exitCode: 6,
    })
    expect(server.requests.length).toBeGreaterThanOrEqual(2)
  })

  test('no credentials at all', async () => {
    delete process.env['AWS_ACCESS_KEY_ID']
    expect(await refusal(...ROUTE_53)).toEqual({
      stderr:
        'Error: There are no AWS credentials for route53:ListHostedZonesByName: Could not load credentials from any providers\n' +
        '  Sign in: aws sso login\n' +
        NOTHING_WRITTEN,
      exitCode: 5,
    })
    expect(server.requests).toEqual([])
  })

  test('with ExternalDNS, AWS need not be asked: it is only said', async () => {
    answer(403, 'AccessDenied', 'no')
    await cluster.client.create(DEPLOYMENTS, externalDnsDeployment('--domain-filter=example.com'))
    const {stdout, exitCode} = await install('--dry-run', 'client', '--region', 'eu-central-1')
    expect(exitCode).toBe(0)
    expect(stdout).toContain(
      '? Unchecked: A hosted zone holds the domain, and the internet asks it: The AWS credentials do not allow route53:ListHostedZonesByName.\n',
    )
  })
})

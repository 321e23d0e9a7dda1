/** Answers that an emulator does not give: errors, waits, and names as AWS itself writes them. */
import type {IncomingMessage, ServerResponse} from 'node:http'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {createAwsAccess} from '../../../src/aws/create-aws-access.ts'
import {useAwsEnvironment} from '../../support/aws-env.ts'
import {type FileServer, startFileServer} from '../../support/file-server.ts'

const RRSET = '/2013-04-01/hostedzone/Z1/rrset'

let server: FileServer
beforeEach(async () => {
  server = await startFileServer({})
})
afterEach(() => server.close())
useAwsEnvironment(() => server.url)

type Answer = (request: IncomingMessage, response: ServerResponse) => void

function xml(status: number, body: string): Answer {
  return (_request, response) => {
    response.writeHead(status, {'content-type': 'text/xml'}).end(`<?xml version="1.0"?>${body}`)
  }
}

function elbError(status: number, code: string, message: string): Answer {
  return xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  )
}

/** Whatever path is asked for. */
function always(answer: Answer): void {
  server.answers = new Proxy({}, {get: () => answer})
}

describe('Route 53', () => {
  test('writes the wildcard as an escape, and aliases with a dot at the end', async () => {
    always(
      xml(
        200,
        `<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>
          <ResourceRecordSet><Name>\\052.knative.example.com.</Name><Type>A</Type><AliasTarget>
            <HostedZoneId>Z3F0SRJ5LGBH90</HostedZoneId><DNSName>lb.elb.eu-central-1.amazonaws.com.</DNSName>
            <EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>
          <ResourceRecordSet><Name>\\052.knative.example.com.</Name><Type>TXT</Type><TTL>300</TTL><ResourceRecords>
            <ResourceRecord><Value>"heritage=external-dns,external-dns/owner=prod"</Value></ResourceRecord>
          </ResourceRecords></ResourceRecordSet>
          <ResourceRecordSet><Name>z.example.com.</Name><Type>A</Type><TTL>300</TTL><ResourceRecords>
            <ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>
        </ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListResourceRecordSetsResponse>`,
      ),
    )
    const zones = await createAwsAccess({}).hostedZones()
    expect(await zones.records('Z1', '*.knative.example.com')).toEqual([
      {
        name: '*.knative.example.com',
        type: 'A',
        values: [],
        alias: {
          hostname: 'lb.elb.eu-central-1.amazonaws.com.',
          hostedZoneId: 'Z3F0SRJ5LGBH90',
          evaluateTargetHealth: true,
        },
      },
      {
        name: '*.knative.example.com',
        type: 'TXT',
        ttl: 300,
        values: ['"heritage=external-dns,external-dns/owner=prod"'],
      },
    ])
    expect(server.requests[0]?.startsWith(RRSET)).toBe(true)
  })

  test('has changes that are pending', async () => {
    always(
      xml(
        200,
        '<GetChangeResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2024-04-22T00:00:00Z</SubmittedAt></ChangeInfo></GetChangeResponse>',
      ),
    )
    const zones = await createAwsAccess({}).hostedZones()
    expect(await zones.isInSync('C1')).toBe(false)
  })

  test('is asked again while it throttles', async () => {
    let asked = 0
    const insync = xml(
      200,
      '<GetChangeResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>/change/C1</Id><Status>INSYNC</Status><SubmittedAt>2024-04-22T00:00:00Z</SubmittedAt></ChangeInfo></GetChangeResponse>',
    )
    always((request, response) => {
      asked += 1
      if (asked === 1) elbError(400, 'Throttling', 'Rate exceeded')(request, response)
      else insync(request, response)
    })
    const zones = await createAwsAccess({}).hostedZones()
    expect(await zones.isInSync('C1')).toBe(true)
    expect(asked).toBe(2)
  })

  test('says which action is not allowed', async () => {
    always(
      elbError(
        403,
        'AccessDenied',
        'User: arn:aws:iam::1:user/x is not authorized to perform: route53:ListHostedZonesByName',
      ),
    )
    const zones = await createAwsAccess({}).hostedZones()
    await expect(zones.candidates('knative.example.com')).rejects.toMatchObject({
      code: 'KN_FORBIDDEN',
      exitCode: 5,
      message: 'The AWS credentials do not allow route53:ListHostedZonesByName.',
    })
  })
})

describe('Elastic Load Balancing', () => {
  test('has targets that do not answer, with the reason', async () => {
    always(
      xml(
        200,
        `<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeTargetHealthResult><TargetHealthDescriptions><member>
          <Target><Id>i-0123</Id><Port>30500</Port></Target>
          <TargetHealth><State>unhealthy</State><Reason>Target.Timeout</Reason><Description>Request timed out</Description></TargetHealth>
        </member></TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>`,
      ),
    )
    const balancers = await createAwsAccess({}).loadBalancers()
    expect(await balancers.targetHealth('arn')).toEqual([
      {
        id: 'i-0123',
        port: 30500,
        state: 'unhealthy',
        reason: 'Target.Timeout',
        description: 'Request timed out',
      },
    ])
  })

  test.each([
    ['ExpiredToken', 403, 'The security token included in the request is expired', /have expired/],
    [
      'InvalidClientTokenId',
      403,
      'The security token is invalid.',
      /does not accept the credentials/,
    ],
    [
      'AccessDenied',
      403,
      'User: x is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers',
      /do not allow elasticloadbalancing:DescribeLoadBalancers in us-east-1/,
    ],
  ])('says %s in words for people', async (code, status, message, expected) => {
    always(elbError(status, code, message))
    const balancers = await createAwsAccess({}).loadBalancers()
    await expect(balancers.findByName('gw')).rejects.toMatchObject({
      code: 'KN_FORBIDDEN',
      message: expect.stringMatching(expected),
    })
  })

  test('is not there: no answer is told from a refusal', async () => {
    await server.close()
    const balancers = await createAwsAccess({}).loadBalancers()
    await expect(balancers.findByName('gw')).rejects.toMatchObject({
      code: 'KN_UNREACHABLE',
      exitCode: 4,
    })
  })
})

describe('the region', () => {
  test.each([
    ['of the flag', {region: 'eu-west-1'}, 'eu-west-1'],
    ['of the environment', {}, 'us-east-1'],
  ])('is that %s', async (_name, options, region) => {
    always(elbError(403, 'AccessDenied', 'no'))
    const balancers = await createAwsAccess(options).loadBalancers()
    await expect(balancers.findByName('gw')).rejects.toMatchObject({details: {region}})
  })

  test('is that of the nodes where nothing else names one', async () => {
    delete process.env['AWS_REGION']
    always(elbError(403, 'AccessDenied', 'no'))
    const aws = createAwsAccess({nodeRegion: async () => 'ap-south-1'})
    await expect((await aws.loadBalancers()).findByName('gw')).rejects.toMatchObject({
      details: {region: 'ap-south-1'},
    })
    await expect(createAwsAccess({}).loadBalancers()).rejects.toMatchObject({code: 'KN_USAGE'})
  })
})

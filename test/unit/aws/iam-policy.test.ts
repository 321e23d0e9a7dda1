import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {ownerRecord, wildcardRecords} from '../../../src/aws/dns/records.ts'
import {normalizedName} from '../../../src/aws/dns/names.ts'
import {
  type IamMode,
  type IamPolicy,
  narrowPolicy,
  readPolicyTemplate,
} from '../../../src/aws/iam/policy.ts'

const WRITES = ['route53:ChangeResourceRecordSets', 'route53:GetChange']

/** The IAM actions behind the commands of the SDK that our code sends. */
function calledActions(): string[] {
  const called = (file: string, service: string): string[] => {
    const text = readFileSync(new URL(`../../../src/aws/${file}`, import.meta.url), 'utf8')
    return [...text.matchAll(/#sdk\.(\w+)Command\b/g)].map(([, name = '']) => `${service}:${name}`)
  }
  return [
    ...new Set([
      ...called('load-balancers/load-balancers.ts', 'elasticloadbalancing'),
      ...called('dns/hosted-zones.ts', 'route53'),
    ]),
  ].toSorted()
}

async function allowedActions(mode: IamMode): Promise<string[]> {
  const {Statement} = await readPolicyTemplate(mode)
  return Statement.flatMap(({Action}) => Action).toSorted()
}

function conditions(policy: IamPolicy): Record<string, readonly string[]> {
  return Object.assign(
    {},
    ...policy.Statement.map(({Condition = {}}) => Condition['ForAllValues:StringEquals']),
  )
}

describe('the policies', () => {
  test('route53 allows exactly what our code calls', async () => {
    expect(await allowedActions('route53')).toEqual(calledActions())
  })

  test('read allows the same without what changes something', async () => {
    const reads = calledActions().filter((action) => !WRITES.includes(action))
    expect(await allowedActions('read')).toEqual(reads)
  })

  test('route53 allows the changes of an installation, and of no other name', async () => {
    const domain = 'knative.example.com'
    const template = await readPolicyTemplate('route53')
    const policy = narrowPolicy(template, {domains: [domain], hostedZone: 'Z1', partition: 'aws'})
    const target = {hostname: 'lb', hostedZoneId: 'ZLB', dualstack: true}
    const records = [...wildcardRecords(domain, target), ownerRecord(domain, 'uid')]
    const {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': names = [],
      'route53:ChangeResourceRecordSetsRecordTypes': types = [],
    } = conditions(policy)
    expect(new Set(names)).toEqual(new Set(records.map(({name}) => normalizedName(name))))
    expect(types).toEqual(expect.arrayContaining(records.map(({type}) => type)))
    expect(policy.Statement.map(({Resource}) => Resource)).toContain(
      'arn:aws:route53:::hostedzone/Z1',
    )
  })

  test('nothing of a template is left open', async () => {
    for (const mode of ['read', 'route53', 'external-dns'] as const) {
      const policy = narrowPolicy(await readPolicyTemplate(mode), {
        domains: ['a.example.com', 'b.example.com'],
        partition: 'aws-cn',
      })
      const text = JSON.stringify(policy)
      expect(text).not.toMatch(/PARTITION|HOSTED_ZONE|DOMAIN/)
      expect(text).toContain('arn:aws-cn:route53:::hostedzone/*')
    }
  })
})

/** The IAM policies that kntool, and what it works with, need at least. */
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {packageRoot} from '../../util/package-root.ts'

/**
 * Who a policy is for:
 *
 * - `read`: kntool, where it only proves load balancer and record.
 * - `route53`: kntool, where it makes the record too.
 * - `external-dns`: ExternalDNS, where that makes the record.
 */
export const IAM_MODES = ['read', 'route53', 'external-dns'] as const

/** One of {@link IAM_MODES}. */
export type IamMode = (typeof IAM_MODES)[number]

/** A statement of a policy. */
export interface IamStatement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: string
  /** From operator to key to values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** A policy document. */
export interface IamPolicy {
  readonly Version: string
  readonly Statement: readonly IamStatement[]
}

/** What a policy is narrowed to. */
export interface IamScope {
  /** The domains whose records may be changed. */
  readonly domains: readonly string[]
  /** The id of the zone; all zones of the account without it. */
  readonly hostedZone?: string | undefined
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string
}

/** The policy of a mode as it stands in `templates/aws`, with its placeholders. */
export async function readPolicyTemplate(mode: IamMode): Promise<IamPolicy> {
  const path = join(packageRoot(), 'templates', 'aws', `iam-policy-${mode}.json`)
  return JSON.parse(await readFile(path, 'utf8')) as IamPolicy
}

/** A template narrowed to zone and names. */
export function narrowPolicy({Version, Statement}: IamPolicy, scope: IamScope): IamPolicy {
  const zone = (scope.hostedZone ?? '*').replace(/^\/?hostedzone\//, '')
  return {
    Version,
    Statement: Statement.map((statement) => ({
      ...statement,
      Resource: statement.Resource.replace('PARTITION', scope.partition).replace(
        'HOSTED_ZONE',
        zone,
      ),
      ...(statement.Condition && {Condition: narrowCondition(statement.Condition, scope.domains)}),
    })),
  }
}

function narrowCondition(
  condition: NonNullable<IamStatement['Condition']>,
  domains: readonly string[],
): NonNullable<IamStatement['Condition']> {
  const fill = (value: string): string[] =>
    value.includes('DOMAIN') ? domains.map((domain) => value.replace('DOMAIN', domain)) : [value]
  return Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.flatMap(fill)])),
    ]),
  )
}

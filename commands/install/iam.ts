import * as Flags from '@oclif/core/flags'
import {IAM_MODES, narrowPolicy, readPolicyTemplate} from '../../src/aws/iam/policy.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {repeatedFlag} from '../../src/cli/flags/common-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {domainProblem} from '../../src/install/domain-name.ts'
import {machineText} from '../../src/ui/machine-text.ts'

export default class InstallIam extends BaseCommand {
  static override summary = 'Print the IAM policy that an installation needs at AWS'
  static override description =
    'read: to prove the load balancer and the record. route53: to make the record too (--dns route53). ' +
    'external-dns: for ExternalDNS itself. Nothing is asked of AWS or of a cluster. The policy of the ' +
    'AWS Load Balancer Controller comes with its own release, and changes with it: ' +
    'docs/install/iam_policy.json of kubernetes-sigs/aws-load-balancer-controller.'
  static override examples = [
    '# To prove\n<%= config.bin %> install iam > policy.json && aws iam create-policy --policy-name kntool --policy-document file://policy.json',
    '# To make the record, and no other\n<%= config.bin %> install iam --mode route53 --domain knative.example.com --hosted-zone Z0123456789ABC',
  ]
  static override flags = {
    mode: Flags.option({
      summary: 'What the policy is for',
      options: IAM_MODES,
      default: 'read' as const,
    })(),
    domain: repeatedFlag({
      summary: 'Domain whose record may be changed; may be given several times',
      helpValue: 'DOMAIN',
    }),
    'hosted-zone': Flags.string({
      summary: 'Id of the hosted zone (default: all of the account)',
      helpValue: 'ZONE',
    }),
    partition: Flags.option({
      summary: 'Partition of AWS',
      options: ['aws', 'aws-cn', 'aws-us-gov'] as const,
      default: 'aws' as const,
    })(),
    output: Flags.option({
      char: 'o',
      summary: 'Print as json or yaml (default: json)',
      options: ['json', 'yaml'] as const,
      env: 'KNTOOL_OUTPUT',
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(InstallIam)
    const {mode, domain: domains = [], partition, output} = flags
    const hostedZone = flags['hosted-zone']
    const fail = (message: string): never => {
      throw usageError(message, 'kntool install iam')
    }
    if (mode === 'route53' && domains.length === 0) {
      fail('--mode route53 needs the domains whose records may be changed: --domain DOMAIN')
    }
    for (const domain of domains) {
      const problem = domainProblem(domain)
      if (problem !== undefined) fail(`invalid --domain: "${domain}": ${problem}`)
    }
    if (hostedZone !== undefined && !/^(\/?hostedzone\/)?[A-Z0-9]{1,32}$/.test(hostedZone)) {
      fail(`invalid --hosted-zone: "${hostedZone}" is not the id of a zone, like Z0123456789ABC`)
    }
    const policy = narrowPolicy(await readPolicyTemplate(mode), {domains, hostedZone, partition})
    this.print(await machineText(policy, output ?? 'json'))
  }
}

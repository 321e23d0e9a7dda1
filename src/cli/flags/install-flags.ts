/** Flags of `install` and its relatives. */
import * as Flags from '@oclif/core/flags'
import {integerFlag, repeatedFlag} from './common-flags.ts'

/** Where AWS is asked, and as whom. */
export const awsFlags = {
  region: Flags.string({
    summary: 'AWS region (default: of the environment, the profile, the nodes)',
    helpValue: 'REGION',
    helpGroup: 'AWS',
  }),
  profile: Flags.string({
    summary: 'AWS profile',
    helpValue: 'NAME',
    helpGroup: 'AWS',
  }),
}

/** Where the release files come from. */
const manifestFlags = {
  'knative-version': Flags.string({
    summary: 'Version of Knative Serving (default: 1.13.1)',
    helpValue: 'VERSION',
  }),
  manifests: Flags.string({
    summary: 'Folder, or address of one, with the release files',
    helpValue: 'DIR|URL',
  }),
  'cache-dir': Flags.string({
    summary: 'Folder for fetched release files',
    helpValue: 'DIR',
    env: 'KNTOOL_CACHE_DIR',
  }),
}

const balancerList = (options: {summary: string; helpValue: string}) =>
  Flags.string({
    ...options,
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    helpGroup: 'LOAD BALANCER',
  })

/** What is installed, and how. All of these can stand in a file. */
export const installFlags = {
  domain: repeatedFlag({
    summary:
      'Domain of the services; NAME:LABEL=VALUE for those with a label. May be given several times',
    helpValue: 'DOMAIN',
  }),
  ...manifestFlags,
  'istio-version': Flags.string({
    summary: 'Version of Istio that the release has to have',
    helpValue: 'VERSION',
  }),
  set: repeatedFlag({
    summary: 'Key of a ConfigMap of Knative: config-autoscaler/stable-window=30s',
    helpValue: 'CONFIGMAP/KEY=VALUE',
  }),
  'with-hpa': Flags.boolean({summary: 'Also install the autoscaler of class HPA', allowNo: true}),
  'load-balancer': Flags.option({
    summary: 'What stands before the gateway (default: nlb on AWS, else service)',
    options: ['nlb', 'service', 'none'] as const,
    helpGroup: 'LOAD BALANCER',
  })(),
  'lb-name': Flags.string({
    summary: 'Name of the load balancer (default: istio-ingressgateway)',
    helpValue: 'NAME',
    helpGroup: 'LOAD BALANCER',
  }),
  scheme: Flags.option({
    summary: 'Who reaches the load balancer (default: internet-facing)',
    options: ['internet-facing', 'internal'] as const,
    helpGroup: 'LOAD BALANCER',
  })(),
  'target-type': Flags.option({
    summary: 'Where it sends requests: to nodes or to pods (default: instance)',
    options: ['instance', 'ip'] as const,
    helpGroup: 'LOAD BALANCER',
  })(),
  subnets: balancerList({
    summary: 'Its subnets, by id or name, one of each zone',
    helpValue: 'A,B',
  }),
  'source-ranges': balancerList({
    summary: 'Addresses that may connect (default: 0.0.0.0/0)',
    helpValue: 'CIDR',
  }),
  'cross-zone': Flags.boolean({
    summary: 'Balance across zones (default: true)',
    allowNo: true,
    helpGroup: 'LOAD BALANCER',
  }),
  'lb-attributes': balancerList({
    summary: 'Attributes of the load balancer',
    helpValue: 'KEY=VALUE',
  }),
  'target-group-attributes': balancerList({
    summary: 'Attributes of its target groups',
    helpValue: 'KEY=VALUE',
  }),
  'acm-certificate': Flags.string({
    summary: 'ACM certificate with which TLS ends at the load balancer',
    helpValue: 'ARN',
    helpGroup: 'LOAD BALANCER',
  }),
  dns: Flags.option({
    summary: 'Who makes the wildcard record (default: external-dns if it is there, else none)',
    options: ['external-dns', 'route53', 'none'] as const,
    helpGroup: 'DNS',
  })(),
  'hosted-zone': Flags.string({
    summary: 'Hosted zone, by id or name (default: the one that holds the domain)',
    helpValue: 'ZONE',
    helpGroup: 'DNS',
  }),
  ...awsFlags,
  wait: Flags.boolean({
    summary: 'Wait for everything and prove it (default: true)',
    allowNo: true,
  }),
  timeout: integerFlag({
    summary: 'Seconds to wait for the pods of a step (default: 300)',
    helpValue: 'SECONDS',
  }),
  'force-conflicts': Flags.boolean({summary: 'Take over fields that others set otherwise'}),
}

/** Flags of commands that need the release files of what is installed already. */
export const releaseFlags = {
  ...manifestFlags,
  'knative-version': Flags.string({
    summary: 'Version of the release files (default: the one that is installed)',
    helpValue: 'VERSION',
  }),
  ...awsFlags,
  timeout: integerFlag({
    summary: 'Seconds to wait for the objects of a step (default: 300)',
    helpValue: 'SECONDS',
  }),
}

const {'knative-version': _, ...anyReleaseFlags} = releaseFlags

/** Flags of `upgrade`. */
export const upgradeFlags = {
  to: Flags.string({summary: 'Version of Knative to upgrade to', helpValue: 'VERSION'}),
  ...anyReleaseFlags,
  manifests: Flags.string({
    summary: 'Folder, or address of one, with a folder knative-vVERSION for each hop',
    helpValue: 'DIR|URL',
  }),
}

/** Flags that decide how the course of a run is shown and agreed on. */
export const courseFlags = {
  yes: Flags.boolean({char: 'y', summary: 'Agree to everything that would be asked'}),
  output: Flags.option({
    char: 'o',
    summary: 'Print the result as json or yaml, or the course as ndjson',
    options: ['json', 'yaml', 'ndjson'] as const,
    env: 'KNTOOL_OUTPUT',
  })(),
}

/** Flags that decide about a run, not about what is installed. */
export const runFlags = {
  filename: Flags.string({
    char: 'f',
    summary: 'File with settings, named as the flags are',
    helpValue: 'FILE',
  }),
  yes: Flags.boolean({char: 'y', summary: 'Agree to everything that would be asked'}),
}

/** The values of {@link releaseFlags}. */
export interface ReleaseFlagValues {
  readonly 'knative-version'?: string | undefined
  readonly manifests?: string | undefined
  readonly 'cache-dir'?: string | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
  readonly timeout?: number | undefined
}

/** The values of {@link installFlags}. */
export interface InstallFlagValues extends ReleaseFlagValues {
  readonly domain?: string[] | undefined
  readonly 'istio-version'?: string | undefined
  readonly set?: string[] | undefined
  readonly 'with-hpa'?: boolean | undefined
  readonly 'load-balancer'?: 'nlb' | 'service' | 'none' | undefined
  readonly 'lb-name'?: string | undefined
  readonly scheme?: 'internet-facing' | 'internal' | undefined
  readonly 'target-type'?: 'instance' | 'ip' | undefined
  readonly subnets?: string[] | undefined
  readonly 'source-ranges'?: string[] | undefined
  readonly 'cross-zone'?: boolean | undefined
  readonly 'lb-attributes'?: string[] | undefined
  readonly 'target-group-attributes'?: string[] | undefined
  readonly 'acm-certificate'?: string | undefined
  readonly dns?: 'external-dns' | 'route53' | 'none' | undefined
  readonly 'hosted-zone'?: string | undefined
  readonly wait?: boolean | undefined
  readonly 'force-conflicts'?: boolean | undefined
}

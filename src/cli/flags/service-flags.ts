/** The flags of `service create`, `update` and `apply`, and what they mean as edits. */
import * as Flags from '@oclif/core/flags'
import {KntoolError} from '../../errors/kntool-error.ts'
import {
  EDIT_NAMES,
  type EnvironmentEdit,
  type ServiceEdits,
} from '../../operations/service/edit/service-edits.ts'
import {integerFlag, listFlag, repeatedFlag} from './common-flags.ts'
import {parseContainers, readInput} from '../input-files.ts'
import type {Occurrence} from '../parse-argv.ts'
import {resolveProfile} from '../config/profiles.ts'
import {readInitContainers, servingContainerFlags, servingFlags} from './serving-flags.ts'

const pair = 'NAME=VALUE'

/** Flags of the container and the pod. */
export const podFlags = {
  image: Flags.string({summary: 'Image to run', helpValue: 'IMAGE'}),
  env: repeatedFlag({char: 'e', summary: 'Variable to set, or NAME- to unset', helpValue: pair}),
  'env-file': Flags.string({
    summary: 'File of variables, one NAME=VALUE per line',
    helpValue: 'FILE',
  }),
  'env-from': repeatedFlag({
    summary:
      'Variables of a ConfigMap (cm:NAME) or Secret (secret:NAME); with - at the end: no longer',
    helpValue: 'SOURCE',
  }),
  'env-value-from': repeatedFlag({
    summary: 'Variable from a key: NAME=cm:NAME:KEY or NAME=secret:NAME:KEY, or NAME- to unset',
    helpValue: 'NAME=SOURCE',
  }),
  cmd: repeatedFlag({summary: 'Entry point instead of that of the image', helpValue: 'WORD'}),
  arg: repeatedFlag({summary: 'Argument for the entry point', helpValue: 'WORD'}),
  port: Flags.string({
    char: 'p',
    summary: 'Port the program listens on: 8080 or h2c:8080',
    helpValue: 'PORT',
  }),
  user: integerFlag({
    summary: 'User ID the container runs as, instead of any other security context',
    helpValue: 'UID',
  }),
  'pull-policy': Flags.string({summary: 'Always, Never or IfNotPresent', helpValue: 'POLICY'}),
  'pull-secret': Flags.string({
    summary: 'Secret for pulling the image; "" for none',
    helpValue: 'NAME',
  }),
  'service-account': Flags.string({summary: 'Service account; "" for none', helpValue: 'NAME'}),
  'security-context': Flags.string({
    summary: 'strict (what restricted clusters ask for) or none; wins over --user',
    helpValue: 'NAME',
  }),
  request: listFlag({
    summary: 'Resources to reserve: cpu=100m,memory=64Mi, or memory- to unset',
    helpValue: pair,
  }),
  limit: listFlag({
    summary: 'Resources at most: cpu=1,memory=256Mi, or memory- to unset',
    helpValue: pair,
  }),
  mount: repeatedFlag({
    summary:
      'Mount /DIR=cm:NAME, /DIR=secret:NAME, /DIR=ed:NAME, /DIR=pvc:NAME or /DIR=VOLUME; /DIR- to unmount',
    helpValue: '/DIR=SOURCE',
  }),
  volume: repeatedFlag({
    summary:
      'Volume NAME=cm:NAME, secret:NAME, ed:NAME:type=Memory,size=1Gi or pvc:NAME; NAME- to remove',
    helpValue: 'NAME=SOURCE',
  }),
  containers: Flags.string({
    summary: 'File with more containers; - for standard input',
    helpValue: 'FILE',
    aliases: ['extra-containers'],
  }),
  'probe-liveness': Flags.string({
    summary:
      'http:HOST:PORT:PATH, https:…, tcp:HOST:PORT, exec:COMMAND,ARGUMENT or grpc:PORT:SERVICE',
    helpValue: 'PROBE',
  }),
  'probe-liveness-opts': Flags.string({
    summary:
      'PeriodSeconds=, TimeoutSeconds=, InitialDelaySeconds=, FailureThreshold=, SuccessThreshold=',
    helpValue: 'OPTIONS',
  }),
  'probe-readiness': Flags.string({
    summary: 'As --probe-liveness, for readiness',
    helpValue: 'PROBE',
  }),
  'probe-readiness-opts': Flags.string({
    summary: 'As --probe-liveness-opts, for readiness',
    helpValue: 'OPTIONS',
  }),
  ...servingContainerFlags,
  'node-selector': repeatedFlag({
    summary: 'Label a node must have, or NAME- to unset',
    helpValue: pair,
  }),
  toleration: repeatedFlag({
    summary: 'Toleration: Key=…,Operator=…,Value=…,Effect=…',
    helpValue: 'TOLERATION',
  }),
  'node-affinity': repeatedFlag({
    summary: 'Affinity: Type=Required|Preferred,Key=…,Operator=…,Values="A B",Weight=…',
    helpValue: 'AFFINITY',
  }),
}

/** Flags of scale, metadata and revisions. */
export const serviceFlags = {
  scale: Flags.string({summary: 'Replicas: 5, 1..5, 1.. or ..5', helpValue: 'RANGE'}),
  'scale-min': integerFlag({summary: 'Replicas at least', helpValue: 'N'}),
  'scale-max': integerFlag({summary: 'Replicas at most; 0: no limit', helpValue: 'N'}),
  'scale-init': integerFlag({summary: 'Replicas to start with', helpValue: 'N'}),
  'scale-activation': integerFlag({
    summary: 'Replicas at least whenever there are any',
    helpValue: 'N',
  }),
  'scale-metric': Flags.string({summary: 'concurrency, rps, cpu or memory', helpValue: 'METRIC'}),
  'scale-target': integerFlag({
    summary: 'Value of the metric to aim for per replica',
    helpValue: 'N',
    aliases: ['concurrency-target'],
  }),
  'scale-utilization': integerFlag({
    summary: 'Percent of the target at which replicas are added (default: 70)',
    helpValue: 'PERCENT',
    aliases: ['concurrency-utilization'],
  }),
  'scale-window': Flags.string({
    summary: 'Time over which the metric is averaged, and to zero without requests: 60s',
    helpValue: 'DURATION',
    aliases: ['autoscale-window'],
  }),
  'concurrency-limit': integerFlag({
    summary: 'Requests at once per replica, enforced',
    helpValue: 'N',
  }),
  timeout: integerFlag({
    summary: 'Seconds a request may take (default: 300)',
    helpValue: 'SECONDS',
  }),
  label: repeatedFlag({
    char: 'l',
    summary: 'Label of Service and revision, or NAME- to unset',
    helpValue: pair,
  }),
  'label-service': repeatedFlag({summary: 'Label of the Service only', helpValue: pair}),
  'label-revision': repeatedFlag({summary: 'Label of the revision only', helpValue: pair}),
  annotation: repeatedFlag({
    char: 'a',
    summary: 'Annotation of Service and revision, or NAME- to unset',
    helpValue: pair,
  }),
  'annotation-service': repeatedFlag({summary: 'Annotation of the Service only', helpValue: pair}),
  'annotation-revision': repeatedFlag({
    summary: 'Annotation of the revision only',
    helpValue: pair,
  }),
  'cluster-local': Flags.boolean({summary: 'Reachable inside the cluster only', allowNo: true}),
  'lock-to-digest': Flags.boolean({
    summary: 'Keep the digest of the image in revisions made without --image (default: true)',
    allowNo: true,
  }),
  'revision-name': Flags.string({
    summary:
      'Name of the revision; may have {{.Service}}, {{.Generation}}, {{.Random 5}}; "" for one that the server makes',
    helpValue: 'NAME',
  }),
  profile: Flags.string({
    summary: 'Named set of annotations and labels, or NAME- to unset',
    helpValue: 'NAME',
  }),
  ...servingFlags,
}

/** The values of {@link podFlags} and {@link serviceFlags}. */
export type ServiceFlagValues = {
  readonly [Name in keyof typeof podFlags | keyof typeof serviceFlags | 'config']?: unknown
}

/** Edits that are more than the value of one flag. */
const READ_FROM_FILES: ReadonlySet<string> = new Set([
  'environment',
  'containers',
  'initContainers',
  'profile',
])

/**
 * What the flags change, files read.
 *
 * `given` has the flags in their order, which counts for variables from different sources.
 */
export async function readServiceEdits(
  flags: ServiceFlagValues,
  given: readonly Occurrence[],
): Promise<ServiceEdits> {
  const images = given.filter(({name}) => name === 'image')
  if (images.length > 1) {
    const last = String(images.at(-1)?.value)
    throw new KntoolError(
      'KN_USAGE',
      `invalid argument "${last}" for "--image" flag: can be provided only once`,
    )
  }
  const same = Object.entries(EDIT_NAMES).flatMap(([field, name]) => {
    const value = flags[name.slice(2) as keyof ServiceFlagValues]
    return value === undefined || READ_FROM_FILES.has(field) ? [] : [[field, value]]
  })
  const environment = await readEnvironment(given)
  const {containers, profile, config} = flags
  const initContainers = flags['init-containers']
  return {
    ...(Object.fromEntries(same) as ServiceEdits),
    ...(environment.length > 0 && {environment}),
    ...(typeof containers === 'string' && {containers: await parseContainers(containers)}),
    ...(typeof initContainers === 'string' && {
      initContainers: await readInitContainers(initContainers),
    }),
    ...(typeof profile === 'string' && {
      profile: await resolveProfile(profile, typeof config === 'string' ? config : undefined),
    }),
  }
}

async function readEnvironment(given: readonly Occurrence[]): Promise<EnvironmentEdit[]> {
  const edits: EnvironmentEdit[] = []
  for (const {name, value} of given) {
    const text = String(value)
    if (name === 'env') edits.push({kind: 'value', text})
    if (name === 'env-value-from') edits.push({kind: 'reference', text})
    if (name === 'env-file') {
      const content = await readInput(text, '--env-file')
      edits.push({kind: 'file', file: text, lines: content.split(/\r?\n/)})
    }
  }
  return edits
}

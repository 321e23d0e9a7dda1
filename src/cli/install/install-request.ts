/** What the flags of `install` mean together. */
import {configProblem, parseConfigSetting} from '../../install/config/config-maps.ts'
import {domainsProblem, parseDomain} from '../../install/config/domains.ts'
import {DEFAULT_NLB, nlbProblems, type NlbSettings} from '../../install/gateway/nlb-settings.ts'
import {
  type ConfigSetting,
  DEFAULT_TIMEOUTS,
  type DomainSetting,
  type InstallWishes,
} from '../../install/settings.ts'
import {
  DEFAULT_KNATIVE_VERSION,
  knativeRelease,
  KNATIVE_RELEASES,
  parseVersion,
} from '../../install/versions.ts'
import type {InstallRequest} from '../../operations/install/install.ts'
import type {InstallFlagValues, ReleaseFlagValues} from '../flags/install-flags.ts'
import {usageError} from '../usage-error.ts'

/** Which command asks, for the words of errors. */
interface Command {
  readonly command: string
  readonly signal: AbortSignal
}

/** What is asked for. Throws `KN_USAGE` for everything that cannot be, before anything is read. */
export function readInstallRequest(flags: InstallFlagValues, command: Command): InstallRequest {
  const fail = failureOf(command)
  const {timeoutMs, ...release} = readReleaseRequest(flags, command)
  return {
    ...release,
    wishes: readWishes(flags, timeoutMs, fail),
    ...(flags['istio-version'] !== undefined && {istioVersion: flags['istio-version']}),
  }
}

/** Which release files are meant, and as whom AWS is asked. Throws `KN_USAGE`. */
export function readReleaseRequest(
  flags: ReleaseFlagValues,
  command: Command,
): Omit<InstallRequest, 'wishes'> & {readonly timeoutMs?: number} {
  const fail = failureOf(command)
  const {timeout} = flags
  const version = flags['knative-version']
  if (timeout !== undefined && timeout <= 0) fail('--timeout has to be more than 0 seconds')
  return {
    signal: command.signal,
    ...(flags.manifests !== undefined && {manifests: flags.manifests}),
    ...(version !== undefined && {
      knativeVersion: readVersion(version, '--knative-version', fail),
    }),
    ...(flags['cache-dir'] !== undefined && {cacheDir: flags['cache-dir']}),
    ...(flags.region !== undefined && {region: flags.region}),
    ...(flags.profile !== undefined && {profile: flags.profile}),
    ...(timeout !== undefined && {timeoutMs: timeout * 1000}),
  }
}

/** The version to upgrade to. Throws `KN_USAGE`. */
export function readTarget(text: string | undefined, command: Command): string {
  const fail = failureOf(command)
  if (text === undefined) return fail('a version is needed: --to 1.14.0')
  return readVersion(text, '--to', fail)
}

/** The versions to fetch. Throws `KN_USAGE`. */
export function readVersions(
  texts: readonly string[] | undefined,
  from: string | undefined,
  command: Command,
): string[] {
  const fail = failureOf(command)
  const versions = texts ?? [DEFAULT_KNATIVE_VERSION]
  if (from !== undefined && versions.length > 1) fail('--from is a folder of one version')
  return versions.map((text) => readVersion(text, '--knative-version', fail))
}

type Fail = (message: string) => never

function failureOf({command}: Command): Fail {
  return (message) => {
    throw usageError(message, command)
  }
}

function readWishes(
  flags: InstallFlagValues,
  stepMs: number | undefined,
  fail: Fail,
): InstallWishes {
  const nlb = readNlb(flags, fail)
  if (flags.dns === 'none' && flags['hosted-zone'] !== undefined) {
    fail('--hosted-zone says where the record is made, and --dns none that it is not')
  }
  return {
    domains: readDomains(flags.domain ?? [], fail),
    nlb,
    ...(flags['load-balancer'] !== undefined && {loadBalancer: flags['load-balancer']}),
    ...(flags.dns !== undefined && {dns: flags.dns}),
    ...(flags['hosted-zone'] !== undefined && {hostedZone: flags['hosted-zone']}),
    config: readConfig(flags.set ?? [], fail),
    withHpa: flags['with-hpa'] ?? false,
    wait: flags.wait ?? true,
    forceConflicts: flags['force-conflicts'] ?? false,
    timeouts: {
      ...DEFAULT_TIMEOUTS,
      ...(stepMs !== undefined && {stepMs}),
    },
  }
}

function readDomains(texts: readonly string[], fail: Fail): DomainSetting[] {
  if (texts.length === 0) fail('a domain is needed: --domain knative.example.com')
  const domains = texts.map((text) => {
    const domain = parseDomain(text)
    return 'problem' in domain ? fail(domain.problem) : domain
  })
  const problem = domainsProblem(domains)
  if (problem !== undefined) fail(`invalid --domain: ${problem}`)
  return domains
}

function readNlb(flags: InstallFlagValues, fail: Fail): NlbSettings {
  const nlb: NlbSettings = {
    name: flags['lb-name'] ?? DEFAULT_NLB.name,
    scheme: flags.scheme ?? DEFAULT_NLB.scheme,
    targetType: flags['target-type'] ?? DEFAULT_NLB.targetType,
    subnets: flags.subnets ?? DEFAULT_NLB.subnets,
    sourceRanges: flags['source-ranges'] ?? DEFAULT_NLB.sourceRanges,
    crossZone: flags['cross-zone'] ?? DEFAULT_NLB.crossZone,
    attributes: readPairs('lb-attributes', flags['lb-attributes'], fail),
    targetGroupAttributes: readPairs(
      'target-group-attributes',
      flags['target-group-attributes'],
      fail,
    ),
    ...(flags['acm-certificate'] !== undefined && {certificateArn: flags['acm-certificate']}),
  }
  const [first] = nlbProblems(nlb)
  if (first !== undefined) fail(`invalid --${first.flag}: ${first.problem}`)
  return nlb
}

function readPairs(
  flag: string,
  texts: readonly string[] | undefined,
  fail: Fail,
): Record<string, string> {
  return Object.fromEntries(
    (texts ?? []).map((text) => {
      const equals = text.indexOf('=')
      if (equals <= 0) fail(`invalid --${flag}: "${text}" is not KEY=VALUE`)
      return [text.slice(0, equals), text.slice(equals + 1)]
    }),
  )
}

// Knative refuses a config-deployment without it; the one of the release is not known here.
const STAND_IN = {'queue-sidecar-image': 'stand-in'}

function readConfig(texts: readonly string[], fail: Fail): ConfigSetting[] {
  const settings = texts.map((text) => {
    const setting = parseConfigSetting(text)
    return 'problem' in setting ? fail(`invalid --set: ${setting.problem}`) : setting
  })
  for (const name of new Set(settings.map(({configMap}) => configMap))) {
    const own = settings.filter(({configMap}) => configMap === name)
    const problem = configProblem(name, STAND_IN, own)
    if (problem !== undefined) fail(`invalid --set: ${name}: ${problem}`)
  }
  return settings
}

/** `1.13.1` for `v1.13.1`; for `1.13` the newest release of it that is known here. */
function readVersion(text: string, flag: string, fail: Fail): string {
  const version = parseVersion(text)
  if (version === undefined) return fail(`invalid ${flag}: "${text}" is not a version`)
  const release = knativeRelease(version)
  if (release === undefined) {
    const known = KNATIVE_RELEASES.map(({minor}) => minor).join(', ')
    return fail(`invalid ${flag}: nothing is known about ${text}; there are: ${known}`)
  }
  const plain = text.trim().replace(/^(knative-)?v?/, '')
  return /^\d+\.\d+$/.test(plain) ? release.latest : plain
}

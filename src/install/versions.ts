/** Which versions go together. A table, because neither project follows a rule. */

/** A version of Knative Serving by its minor, and what it needs. */
export interface KnativeRelease {
  /** `1.13`. */
  readonly minor: string
  /** The newest patch release known here. */
  readonly latest: string
  /** The oldest Kubernetes its components start on; older ones make them crash. */
  readonly minKubernetes: string
  /** The Istio its net-istio was tested with. */
  readonly istio: string
  /** The month of its release. */
  readonly released: string
}

/** Counterpart of knative.dev/pkg `version` and of net-istio's third_party, release by release. */
export const KNATIVE_RELEASES: readonly KnativeRelease[] = [
  {minor: '1.11', latest: '1.11.0', minKubernetes: '1.25', istio: '1.18', released: '2023-07'},
  {minor: '1.12', latest: '1.12.0', minKubernetes: '1.26', istio: '1.19', released: '2023-10'},
  {minor: '1.13', latest: '1.13.1', minKubernetes: '1.27', istio: '1.20.3', released: '2024-01'},
  {minor: '1.14', latest: '1.14.0', minKubernetes: '1.28', istio: '1.21.1', released: '2024-04'},
  {minor: '1.15', latest: '1.15.0', minKubernetes: '1.28', istio: '1.22.2', released: '2024-07'},
  {minor: '1.16', latest: '1.16.0', minKubernetes: '1.28', istio: '1.22.2', released: '2024-10'},
  {minor: '1.17', latest: '1.17.0', minKubernetes: '1.30', istio: '1.24.2', released: '2025-01'},
  {minor: '1.18', latest: '1.18.0', minKubernetes: '1.31', istio: '1.25.2', released: '2025-04'},
  {minor: '1.19', latest: '1.19.0', minKubernetes: '1.32', istio: '1.26.2', released: '2025-07'},
  {minor: '1.20', latest: '1.20.0', minKubernetes: '1.32', istio: '1.27.1', released: '2025-10'},
  {minor: '1.21', latest: '1.21.0', minKubernetes: '1.33', istio: '1.28.2', released: '2026-01'},
  {minor: '1.22', latest: '1.22.0', minKubernetes: '1.34', istio: '1.29.2', released: '2026-04'},
]

/** The version that is installed unless another is asked for. */
export const DEFAULT_KNATIVE_VERSION = '1.13.1'

/** The versions of Kubernetes that a minor of Istio supports. */
const ISTIO_KUBERNETES: Readonly<Record<string, readonly [min: string, max: string]>> = {
  '1.18': ['1.24', '1.27'],
  '1.19': ['1.25', '1.28'],
  '1.20': ['1.25', '1.29'],
  '1.21': ['1.26', '1.29'],
  '1.22': ['1.27', '1.30'],
  '1.23': ['1.27', '1.30'],
  '1.24': ['1.28', '1.31'],
  '1.25': ['1.29', '1.33'],
  '1.26': ['1.29', '1.33'],
  '1.27': ['1.29', '1.33'],
  '1.28': ['1.30', '1.34'],
  '1.29': ['1.31', '1.35'],
}

/** The numbers of a version. */
export interface Version {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/** Reads `1.13.1`, `v1.27.7-eks-4f4795d`, `knative-v1.13.1`, `1.20`; undefined for other texts. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(?:knative-)?v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(text.trim())
  if (match === null) return undefined
  const [, major = '', minor = '', patch = '0'] = match
  return {major: Number(major), minor: Number(minor), patch: Number(patch)}
}

/** Below zero if `left` is older, above if it is newer. */
export function compareVersions(left: Version, right: Version): number {
  return left.major - right.major || left.minor - right.minor || left.patch - right.patch
}

/** `1.13`. */
export function minorOf({major, minor}: Version): string {
  return `${major}.${minor}`
}

/** What is known about a version of Knative; undefined for one not in the table. */
export function knativeRelease(version: Version): KnativeRelease | undefined {
  return KNATIVE_RELEASES.find(({minor}) => minor === minorOf(version))
}

/** Whether versions go together. */
export interface VersionVerdict {
  readonly result: 'fine' | 'untested' | 'impossible'
  readonly message: string
}

/**
 * Whether Knative and Istio of these versions run on this Kubernetes.
 *
 * | Kubernetes                               | result     |
 * |------------------------------------------|------------|
 * | older than Knative starts on             | impossible |
 * | older than Istio supports                | untested   |
 * | newer than Istio supports                | untested   |
 * | else                                     | fine       |
 */
export function judgeVersions(
  kubernetes: Version,
  knative: KnativeRelease,
  istio: Version,
): VersionVerdict {
  const server = minorOf(kubernetes)
  const needed = parseVersion(knative.minKubernetes)
  if (needed !== undefined && compareVersions(kubernetes, needed) < 0) {
    return {
      result: 'impossible',
      message: `Kubernetes ${server} is older than ${knative.minKubernetes}, which Knative ${knative.minor} needs.`,
    }
  }
  const [min, max] = ISTIO_KUBERNETES[minorOf(istio)] ?? []
  if (min === undefined || max === undefined) {
    return {
      result: 'untested',
      message: `Nothing is known here about Istio ${minorOf(istio)} on Kubernetes ${server}.`,
    }
  }
  const outside =
    compareVersions({...kubernetes, patch: 0}, parseVersion(min) ?? kubernetes) < 0 ||
    compareVersions({...kubernetes, patch: 0}, parseVersion(max) ?? kubernetes) > 0
  return outside
    ? {
        result: 'untested',
        message: `Istio ${minorOf(istio)} is tested on Kubernetes ${min} to ${max}; this is ${server}.`,
      }
    : {
        result: 'fine',
        message: `Kubernetes ${server} suits Knative ${knative.minor} and Istio ${minorOf(istio)}.`,
      }
}

/** The way from one version to another, or why there is none. */
export type UpgradePath =
  | {readonly possible: true; readonly hops: readonly string[]}
  | {readonly possible: false; readonly why: string}

/**
 * The versions to install one after the other: Knative migrates what it stored from one minor to the
 * next only.
 *
 * The last hop is `to` itself; the ones between are the newest patches known here.
 */
export function upgradePath(from: Version, to: Version): UpgradePath {
  const target = `${minorOf(to)}.${to.patch}`
  const current = `${minorOf(from)}.${from.patch}`
  if (compareVersions(to, from) === 0) return {possible: true, hops: []}
  if (compareVersions(to, from) < 0) {
    return {possible: false, why: `${target} is older than the installed ${current}`}
  }
  if (knativeRelease(to) === undefined) {
    return {possible: false, why: `nothing is known here about Knative ${minorOf(to)}`}
  }
  const start = KNATIVE_RELEASES.findIndex(({minor}) => minor === minorOf(from))
  if (start < 0) {
    return {possible: false, why: `nothing is known here about the installed Knative ${current}`}
  }
  const end = KNATIVE_RELEASES.findIndex(({minor}) => minor === minorOf(to))
  const between = KNATIVE_RELEASES.slice(start + 1, end).map(({latest}) => latest)
  return {possible: true, hops: [...between, target]}
}

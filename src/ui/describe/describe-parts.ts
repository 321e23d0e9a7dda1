/** What the descriptions of Service, Revision and Route have in common. */
import type {Condition} from '../../api/conditions.ts'
import type {ObjectMeta} from '../../api/meta/object.ts'
import {compareText} from '../../util/go/compare.ts'
import {shortAgeSince} from '../age.ts'
import type {DescribeWriter} from './describe-writer.ts'

/** How much is shown, and when now is. */
export interface DescribeOptions {
  readonly verbose: boolean
  readonly nowMs: number
}

/** Longer texts on one line are cut to this, unless everything is shown. */
const LINE_LENGTH = 100

/** Annotations and labels that interest few people have these groups. */
const BORING_GROUPS = new Set([
  'serving.knative.dev',
  'client.knative.dev',
  'kubectl.kubernetes.io',
])

/** Name, namespace, labels, annotations, age. */
export function writeMetadata(
  writer: DescribeWriter,
  metadata: ObjectMeta,
  options: DescribeOptions,
): void {
  writer.attribute('Name', metadata.name)
  writer.attribute('Namespace', metadata.namespace ?? '')
  writeMap(writer, 'Labels', metadata.labels, options.verbose)
  writeMap(writer, 'Annotations', metadata.annotations, options.verbose)
  writer.attribute('Age', shortAgeSince(metadata.creationTimestamp, options.nowMs))
}

/** A list on one line, cut if it is long; or, if everything is shown, one item to a line. */
export function writeList(
  writer: DescribeWriter,
  label: string,
  items: readonly string[],
  verbose: boolean,
): void {
  if (items.length === 0) return
  if (verbose) {
    items.forEach((item, index) => writer.columns(index === 0 ? `${label}:` : '', item))
    return
  }
  const joined = items.join(', ')
  const cut = joined.length > LINE_LENGTH
  writer.attribute(label, cut ? `${joined.slice(0, LINE_LENGTH - 4)} ...` : joined)
}

/**
 * Conditions, Ready first, then by severity and type.
 *
 * @example
 *   Conditions:
 *     OK TYPE                   AGE REASON
 *     ++ Ready                   1s
 *     !! RoutesReady             1s RevisionMissing
 */
export function writeConditions(
  writer: DescribeWriter,
  conditions: readonly Condition[],
  options: DescribeOptions,
): void {
  const section = writer.attribute('Conditions', '')
  const width = Math.max(0, ...conditions.map(({type}) => type.length))
  const row = (ok: string, type: string, age: string, reason: string): void =>
    section.line(`${ok.padEnd(2)} ${type.padEnd(width)} ${age.padStart(6)} ${reason}`)
  row('OK', 'TYPE', 'AGE', 'REASON')
  for (const condition of conditions.toSorted(compareConditions)) {
    const {type, reason = '', message = '', lastTransitionTime} = condition
    const explained = options.verbose && reason !== '' ? `${reason} (${message})` : reason
    row(symbolOf(condition), type, shortAgeSince(lastTransitionTime, options.nowMs), explained)
  }
}

function writeMap(
  writer: DescribeWriter,
  label: string,
  map: Readonly<Record<string, string>> | undefined,
  verbose: boolean,
): void {
  const keys = Object.keys(map ?? {})
    .filter((key) => verbose || !isBoring(key))
    .toSorted(compareText)
  if (keys.length === 0) return
  const pairs = keys.map((key) => `${key}=${map?.[key] ?? ''}`)
  if (verbose) {
    pairs.forEach((pair, index) => writer.columns(index === 0 ? `${label}:` : '', pair))
  } else {
    writer.columns(`${label}:`, joinAndCut(pairs, LINE_LENGTH - label.length - 2))
  }
}

// Differs from an ordinary cut: kn stops joining beyond the width, and strips separators at the end.
function joinAndCut(pairs: readonly string[], width: number): string {
  let joined = ''
  for (const pair of pairs) {
    joined += `${pair}, `
    if (joined.length > width) break
  }
  joined = joined.replace(/[, ]+$/, '')
  return joined.length <= width ? joined : `${joined.slice(0, width - 4)} ...`
}

function isBoring(key: string): boolean {
  const slash = key.indexOf('/')
  return slash >= 0 && BORING_GROUPS.has(key.slice(0, slash))
}

function symbolOf({status, severity}: Condition): string {
  if (status === 'True') return '++'
  if (status === 'Unknown') return '??'
  // kn prints ` !` for a severity it does not know.
  return severity ? (SEVERITY_SYMBOLS[severity] ?? ' !') : '!!'
}

const SEVERITY_SYMBOLS: Readonly<Record<string, string>> = {Warning: ' W', Info: ' I'}

const SEVERITY_ORDER = {error: 0, Warning: 1, Info: 2}

function compareConditions(left: Condition, right: Condition): number {
  const rank = ({type, severity}: Condition): number =>
    type === 'Ready' ? -1 : SEVERITY_ORDER[severity ?? 'error']
  return rank(left) - rank(right) || compareText(left.type, right.type)
}

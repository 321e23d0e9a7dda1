/** On which nodes pods may run: node selector, tolerations, node affinity. */
import type {PodSpec} from '../../../api/core/v1.ts'
import {parseInteger} from '../../../util/strconv.ts'
import {editMap, invalid, parseMap, parsePairs} from './notation.ts'

/** Sets and takes away labels a node must have. */
export function editNodeSelector(spec: PodSpec, texts: readonly string[]): void {
  const selector = editMap(spec.nodeSelector, parseMap(texts, '--node-selector'))
  if (selector !== undefined) spec.nodeSelector = selector
}

const EFFECTS = new Set(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
const TOLERATION_OPERATORS = new Set(['Exists', 'Equal'])

/** Adds tolerations, one per text. */
export function addTolerations(spec: PodSpec, texts: readonly string[]): void {
  const added = texts.map((text) => {
    const fields = parseFields(text, '--toleration')
    const operator = fields.get('operator')
    const effect = fields.get('effect')
    if (operator !== undefined && !TOLERATION_OPERATORS.has(operator)) {
      throw invalid(`Invalid --toleration: Operator is Exists or Equal, not "${operator}"`)
    }
    if (effect !== undefined && !EFFECTS.has(effect)) {
      throw invalid(
        `Invalid --toleration: Effect is NoSchedule, PreferNoSchedule or NoExecute, not "${effect}"`,
      )
    }
    return withoutEmpty({
      key: fields.get('key'),
      operator,
      value: fields.get('value'),
      effect,
    })
  })
  spec.tolerations = [...(spec.tolerations ?? []), ...added]
}

type NodeAffinity = NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>

type NodeSelectorTerm = NonNullable<
  NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'][number]

/** Adds node affinities, one per text: required ones are alternatives of each other. */
export function addNodeAffinity(spec: PodSpec, texts: readonly string[]): void {
  const nodeAffinity: NodeAffinity = {...spec.affinity?.nodeAffinity}
  for (const text of texts) {
    const fields = parseFields(text, '--node-affinity')
    const term = {matchExpressions: [matchExpression(fields)]} as NodeSelectorTerm
    const type = fields.get('type')
    if (type === 'Required') {
      const before = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution
      nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution = {
        nodeSelectorTerms: [...(before?.nodeSelectorTerms ?? []), term],
      }
    } else if (type === 'Preferred') {
      nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution = [
        ...(nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? []),
        {weight: parseWeight(fields.get('weight') ?? '0'), preference: term},
      ]
    } else {
      throw invalid(
        'Invalid --node-affinity: Invalid type defined for node affinity, ' +
          'Valid arguments: Required | Preferred',
      )
    }
  }
  spec.affinity = {...spec.affinity, nodeAffinity}
}

const SELECTOR_OPERATORS = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'])

function matchExpression(fields: ReadonlyMap<string, string>): object {
  const operator = fields.get('operator')
  if (operator !== undefined && !SELECTOR_OPERATORS.has(operator)) {
    throw invalid(`Invalid --node-affinity: there is no operator "${operator}"`)
  }
  return withoutEmpty({
    key: fields.get('key'),
    operator,
    values: fields.get('values')?.split(' ').filter(Boolean),
  })
}

function parseWeight(text: string): number {
  try {
    return parseInteger(text, 32)
  } catch (error) {
    throw invalid(
      `Invalid --node-affinity: error in setting preference weight in node affinity: ${(error as Error).message}`,
    )
  }
}

/** Fields by their names in lower case. */
function parseFields(text: string, what: string): ReadonlyMap<string, string> {
  const {set} = parsePairs(text.split(','), what)
  return new Map([...set].map(([name, value]) => [name.trim().toLowerCase(), unquote(value)]))
}

// The shell takes quotes away; those that came through belong to the notation, not to the value.
function unquote(text: string): string {
  return text.replace(/^"(.*)"$/s, '$1')
}

function withoutEmpty(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  )
}

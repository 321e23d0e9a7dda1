/**
 * Takes out of answers what no two servers have in common: identifiers, times, addresses, random
 * names. The rules are those of the recordings' own `replay_http.py`.
 */
import {sortedJson} from '../../src/util/go/json.ts'
import {isJsonObject, type JsonObject} from '../../src/util/json.ts'

const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]'
const AGE = /^(<invalid>|(\d+[ywdhms]){1,3})$/
const AGE_COLUMNS = new Set(['Age', 'Last Seen', 'First Seen'])

/** The administrators: the recorded one, and that of an embedded cluster. */
const USERS = /lab-admin|kubernetes-admin|tester/g

const TEXT_RULES: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b10\.\d+\.\d+\.\d+\b/g, '<ip>'],
  [/127\.0\.0\.1:\d+/g, '<addr>'],
  [/(resource ?version[^0-9]{0,40})\d+/gi, '$1<rv>'],
]
const RANDOM_RULES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`-${RANDOM}{8,10}-${RANDOM}{5}(?![a-z0-9])`, 'g'), '-<hash>-<rnd>'],
  [new RegExp(`-(?=[a-z0-9]*\\d)${RANDOM}{8,10}(?![a-z0-9-])`, 'g'), '-<hash>'],
  [new RegExp(`-${RANDOM}{5}(?![a-z0-9-])`, 'g'), '-<rnd>'],
  [/-----BEGIN [A-Z ]+-----[\s\S]*?-----END [A-Z ]+-----\n?/g, '<pem>'],
  [USERS, '<user>'],
]

/** A text without what is made up. */
export function normaliseText(text: string): string {
  let result = text
  for (const [pattern, replacement] of TEXT_RULES) result = result.replace(pattern, replacement)
  if (/resource version/i.test(result)) {
    result = result.replace(
      /(current: |too old resource version: |\()\d+( \(\d+\))?/g,
      (_all, start: string) => `${start}<rv>`,
    )
  }
  for (const [pattern, replacement] of RANDOM_RULES) result = result.replace(pattern, replacement)
  return result
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  uid: '<uid>',
  resourceVersion: '<rv>',
  continue: '<continue>',
  nodePort: '<nodePort>',
  healthCheckNodePort: '<nodePort>',
  'pod-template-hash': '<hash>',
  nodeName: '<node>',
  podIP: '<ip>',
  hostIP: '<ip>',
  containerID: '<id>',
  imageID: '<id>',
  time: '<time>',
}

/** A document without what is made up. */
export function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalise)
  if (typeof value === 'string') return normaliseText(value)
  if (!isJsonObject(value)) return value
  const result: JsonObject = {}
  for (const [name, item] of Object.entries(value)) {
    const key = name.includes('nodes') ? name : normaliseText(name)
    result[key] = normaliseField(name, item)
  }
  if (value['kind'] === 'Table') normaliseTable(value, result)
  return result
}

function normaliseField(name: string, item: unknown): unknown {
  const isScalar = typeof item === 'string' || typeof item === 'number'
  if (name === 'clusterIP' && isScalar) return item === '' || item === 'None' ? item : '<ip>'
  if (name === 'resourceVersion' && (item === '' || item === '0')) return item
  if (name === 'nodeName' && item === '') return item
  const placeholder = PLACEHOLDERS[name]
  if (placeholder !== undefined && isScalar) return placeholder
  if (['clusterIPs', 'podIPs', 'hostIPs'].includes(name) && Array.isArray(item)) {
    return item.map((address) => (address === 'None' ? address : '<ip>'))
  }
  // Entries of one second come in the order of their managers' names, and seconds differ.
  if (name === 'managedFields' && Array.isArray(item)) return sortedByText(normalise(item))
  if (name === 'userInfo' && isJsonObject(item)) return normalise({username: item['username']})
  return normalise(item)
}

function sortedByText(list: unknown): unknown {
  const text = (item: unknown): string => JSON.stringify(sortedJson(item))
  return Array.isArray(list) ? list.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)) : list
}

/** The table as it is printed: columns have no descriptions here, since no client prints them. */
function normaliseTable(table: JsonObject, result: JsonObject): void {
  const columns = result['columnDefinitions']
  if (Array.isArray(columns)) {
    for (const column of columns.filter(isJsonObject)) delete column['description']
  }
  normaliseCells(table, result)
}

function normaliseCells(table: JsonObject, result: JsonObject): void {
  const columns = Array.isArray(table['columnDefinitions'])
    ? table['columnDefinitions'].filter(isJsonObject).map(({name}) => name)
    : []
  const rows = Array.isArray(result['rows']) ? result['rows'].filter(isJsonObject) : []
  for (const row of rows) {
    if (!Array.isArray(row['cells'])) continue
    row['cells'] = row['cells'].map((cell: unknown, index) => {
      if (typeof cell !== 'string') return cell
      if (/:3[0-2]\d{3}\//.test(cell)) return cell.replace(/:3[0-2]\d{3}\//g, ':<nodePort>/')
      return AGE.test(cell) || AGE_COLUMNS.has(String(columns[index])) ? '<age>' : cell
    })
  }
}

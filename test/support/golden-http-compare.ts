import {readYaml} from '../../src/util/yaml/read-yaml.ts'
import {isJsonObject, jsonEqual, type JsonObject} from '../../src/util/json.ts'
import type {Exchange, HttpAnswer} from './golden-http-recording.ts'
import {normalise, normaliseText} from './golden-http-normalise.ts'

/** Something that differs: where, what was recorded, what we answered. */
export interface Difference {
  readonly path: string
  readonly recorded: unknown
  readonly live: unknown
}

/** What of an answer differs from the recorded one, once what is made up is taken out. */
export function compareAnswers({request, response}: Exchange, live: HttpAnswer): Difference[] {
  const differences: Difference[] = []
  const check = (path: string, recorded: unknown, own: unknown): void => {
    if (!jsonEqual(recorded, own)) differences.push({path, recorded, live: own})
  }
  check('status', response.status, live.status)
  check('content-type', contentType(response), contentType(live))
  // Some recordings kept one of several Warning headers.
  const [recordedWarnings, liveWarnings] = [warnings(response), warnings(live)]
  const [only] = recordedWarnings
  const hasOnly = recordedWarnings.length === 1 && only !== undefined && liveWarnings.includes(only)
  if (!hasOnly) check('warning', recordedWarnings, liveWarnings)
  const isWatch =
    /[?&]watch=(1|true)/.test(request.path) && response.status === 200 && request.method === 'GET'
  if (isWatch) {
    differences.push(...diff(events(response.body), events(live.body), 'watch'))
  } else {
    differences.push(...diff(comparable(response), comparable(live), ''))
  }
  return differences
}

/** The body for learning from: YAML is read. */
export function documentOf(answer: HttpAnswer): unknown {
  const isYaml = contentType(answer).startsWith('application/yaml')
  return isYaml && typeof answer.body === 'string'
    ? (readYaml(answer.body) as unknown)
    : answer.body
}

function header({headers}: HttpAnswer, name: string): string[] {
  return Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? [])
}

function contentType(answer: HttpAnswer): string {
  const [type = ''] = header(answer, 'content-type')
  return type.includes('charset') ? (type.split(';')[0] ?? '').trim() : type.replaceAll(' ', '')
}

function warnings(answer: HttpAnswer): string[] {
  return header(answer, 'warning')
    .flatMap((text) => text.split(/, (?=299 - )/))
    .map(normaliseText)
    .toSorted()
}

function comparable(answer: HttpAnswer): unknown {
  const value = normalise(documentOf(answer))
  if (!isJsonObject(value)) return value
  if (value['kind'] === 'APIResourceList') sortBy(value, 'resources', ({name}) => String(name))
  if (value['kind'] === 'Status') sortStatus(value)
  return value
}

/** Several validation errors come in the order of a Go map. */
function sortStatus(status: JsonObject): void {
  if (typeof status['message'] === 'string') {
    status['message'] = status['message'].replace(
      /\[([\s\S]*)\]$/,
      (_all, list: string) => `[${list.split(', ').toSorted().join(', ')}]`,
    )
  }
  const {details} = status
  if (!isJsonObject(details)) return
  sortBy(details, 'causes', (cause) => JSON.stringify(cause))
  // Upstream lists an error as often as it looked; here each is listed once.
  if (Array.isArray(details['causes'])) {
    details['causes'] = details['causes'].filter(
      (cause, index, all) => !jsonEqual(cause, all[index - 1]),
    )
  }
}

function sortBy(owner: JsonObject, field: string, key: (item: JsonObject) => string): void {
  const list = owner[field]
  if (!Array.isArray(list)) return
  owner[field] = list
    .filter(isJsonObject)
    .toSorted((left, right) => (key(left) < key(right) ? -1 : 1))
}

/** The events of a watch in short: their objects depend on when they were taken. */
function events(body: unknown): unknown[] {
  const lines = typeof body === 'string' ? body.split('\n') : [JSON.stringify(body)]
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => summary(JSON.parse(line) as JsonObject))
}

function summary({type, object}: JsonObject): unknown {
  const shown = isJsonObject(object) ? object : {}
  const meta = isJsonObject(shown['metadata']) ? shown['metadata'] : {}
  const rows = Array.isArray(shown['rows']) ? shown['rows'].filter(isJsonObject) : []
  const name =
    shown['kind'] === 'Table'
      ? rows.map((row) => (Array.isArray(row['cells']) ? (row['cells'][0] as unknown) : undefined))
      : normaliseText(typeof meta['name'] === 'string' ? meta['name'] : '')
  const status = ['code', 'reason', 'message'].map((field) => normaliseText(String(shown[field])))
  return {type, kind: shown['kind'], name, ...(type === 'ERROR' && {status})}
}

function* diff(recorded: unknown, live: unknown, path: string): Generator<Difference> {
  if (isJsonObject(recorded) && isJsonObject(live)) {
    const names = new Set([...Object.keys(recorded), ...Object.keys(live)])
    for (const name of [...names].toSorted()) {
      yield* diff(recorded[name], live[name], `${path}.${name}`)
    }
  } else if (Array.isArray(recorded) && Array.isArray(live) && recorded.length === live.length) {
    for (const [index, item] of recorded.entries()) {
      yield* diff(item, live[index], `${path}[${index}]`)
    }
  } else if (!jsonEqual(recorded, live)) yield {path: path === '' ? '.' : path, recorded, live}
}

/** What the numbers of a field may be, and which words stand for some. */
interface Field {
  readonly min: number
  readonly max: number
  readonly names: Readonly<Record<string, number>>
}

/** The numbers that words stand for, counted from `first`. */
function numbered(first: number, words: string): Record<string, number> {
  return Object.fromEntries(words.split(' ').map((word, index) => [word, first + index]))
}

const FIELDS: readonly Field[] = [
  {min: 0, max: 59, names: {}},
  {min: 0, max: 23, names: {}},
  {min: 1, max: 31, names: {}},
  {min: 1, max: 12, names: numbered(1, 'jan feb mar apr may jun jul aug sep oct nov dec')},
  {min: 0, max: 6, names: numbered(0, 'sun mon tue wed thu fri sat')},
]

const DESCRIPTORS = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
])

/**
 * What is wrong with a schedule of five fields (`*\/5 * * * *`) or a word for one (`@daily`).
 *
 * Counterpart of robfig/cron v3 ParseStandard, in its words.
 */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule === '') return 'empty spec string'
  let text = schedule
  if (/^(TZ|CRON_TZ)=/.test(text)) {
    const space = text.indexOf(' ')
    const zone = text.slice(text.indexOf('=') + 1, space < 0 ? undefined : space)
    if (space < 0 || !isTimeZone(zone))
      return `provided bad location ${zone}: unknown time zone ${zone}`
    text = text.slice(space).trim()
  }
  if (text.startsWith('@')) return descriptorProblem(text)
  const fields = text.split(/\s+/).filter((field) => field !== '')
  if (fields.length !== FIELDS.length) {
    return `expected exactly ${FIELDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`
  }
  for (const [index, field] of fields.entries()) {
    const bounds = FIELDS[index]
    const problem = bounds && fieldProblem(field, bounds)
    if (problem !== undefined) return problem
  }
  return undefined
}

function descriptorProblem(text: string): string | undefined {
  if (DESCRIPTORS.has(text)) return undefined
  if (!text.startsWith('@every ')) return `unrecognized descriptor: ${text}`
  const duration = text.slice('@every '.length)
  return /^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$/.test(duration)
    ? undefined
    : `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`
}

/** Whether there is a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', {timeZone: name || 'UTC'}).format(0)
    return true
  } catch {
    return false
  }
}

function fieldProblem(field: string, bounds: Field): string | undefined {
  for (const range of field.split(',').filter((part) => part !== '')) {
    const problem = rangeProblem(range, bounds)
    if (problem !== undefined) return problem
  }
  return undefined
}

function rangeProblem(range: string, {min, max, names}: Field): string | undefined {
  const [span = '', stepText, ...more] = range.split('/')
  const [low = '', high, ...tooMany] = span.split('-')
  let start = min
  let end = max
  if (low !== '*' && low !== '?') {
    const first = numberOf(low, names)
    if (typeof first === 'string') return first
    start = first
    if (tooMany.length > 0) return `too many hyphens: ${range}`
    const last = high === undefined ? (stepText === undefined ? start : max) : numberOf(high, names)
    if (typeof last === 'string') return last
    end = last
  }
  if (more.length > 0) return `too many slashes: ${range}`
  const step = stepText === undefined ? 1 : numberOf(stepText, {})
  if (typeof step === 'string') return step
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${range}`
  if (end > max) return `end of range (${end}) above maximum (${max}): ${range}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${range}`
  return step === 0 ? `step of range should be a positive number: ${range}` : undefined
}

/** The number, or what is wrong with its text. */
function numberOf(text: string, names: Readonly<Record<string, number>>): number | string {
  const named = names[text.toLowerCase()]
  if (named !== undefined) return named
  if (/^-[0-9]+$/.test(text)) return `negative number (${Number(text)}) not allowed: ${text}`
  return /^\+?[0-9]+$/.test(text)
    ? Number(text)
    : `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
}

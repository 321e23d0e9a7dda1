/** What `doctor` says. */
import type {Finding, FindingResult} from '../doctor/run-checks.ts'
import type {DoctorReport} from '../operations/doctor/examine.ts'

/** How a result is shown, and counted: `2 errors`. */
const WORDS: Readonly<Record<FindingResult, {sign: string; one: string; many: string}>> = {
  error: {sign: '✗', one: 'error', many: 'errors'},
  warning: {sign: '!', one: 'warning', many: 'warnings'},
  forbidden: {sign: '?', one: 'not allowed to look', many: 'not allowed to look'},
  unknown: {sign: '?', one: 'unknown', many: 'unknown'},
  ok: {sign: '✓', one: 'fine', many: 'fine'},
  skipped: {sign: '-', one: 'skipped', many: 'skipped'},
}

/**
 * Findings by category; of those that are not fine, what was found and what to do. Those that were
 * skipped are only counted, by the reason. With `verbose` they are listed, as is what was seen of
 * those that are fine.
 *
 * @example
 *   Doctor for context "prod":
 *
 *   load-balancer
 *     ✓ The gateway has an address (gateway-address)
 *     ✗ Targets of port 80 are healthy (targets)
 *         Still waiting for a healthy target behind port 80 (0 of 3): 3 × Target.Timeout.
 *         The security group of the nodes does not let the load balancer in.
 *         $ kubectl get pods -n istio-system -l istio=ingressgateway -o wide
 *
 *   1 error, 1 fine, 12 skipped; -v lists these:
 *     8 no AWS: nothing tells that this cluster runs there
 *     4 the gateway has no address yet
 */
export function renderDoctor(
  {cluster, findings}: DoctorReport,
  {verbose = false}: {verbose?: boolean} = {},
): string {
  const listed = verbose ? findings : findings.filter(({result}) => result !== 'skipped')
  const categories = [...new Set(listed.map(({category}) => category))]
  return [
    `Doctor for ${cluster}:`,
    ...categories.flatMap((category) => [
      '',
      category,
      ...listed
        .filter((finding) => finding.category === category)
        .flatMap((finding) => renderFinding(finding, verbose)),
    ]),
    '',
    ...countFindings(findings, verbose),
    '',
  ].join('\n')
}

function renderFinding(finding: Finding, verbose: boolean): string[] {
  const {id, title, result, message, evidence = [], hint, command} = finding
  const {sign} = WORDS[result]
  const head = `  ${sign} ${title} (${id})`
  if (result === 'ok') return [head, ...(verbose ? evidence.map((text) => `      ${text}`) : [])]
  if (result === 'skipped') return [`${head}: ${message}`]
  const details = [
    message,
    // One piece of evidence is in the message already.
    ...(evidence.length > 1 ? evidence.map((text) => `  ${text}`) : []),
    hint,
    command === undefined ? undefined : `$ ${command}`,
  ]
  return [head, ...details.flatMap((text) => (text === undefined ? [] : [`      ${text}`]))]
}

/** `2 errors, 1 warning, 12 fine.`, and below it the reasons of what is not listed. */
function countFindings(findings: readonly Finding[], verbose: boolean): string[] {
  const counts = Object.entries(WORDS)
    .map(([result, {one, many}]) => {
      const count = findings.filter((finding) => finding.result === result).length
      return count === 0 ? undefined : `${count} ${count === 1 ? one : many}`
    })
    .filter((text) => text !== undefined)
    .join(', ')
  const reasons = verbose ? [] : countReasons(findings)
  if (reasons.length === 0) return [`${counts}.`]
  return [`${counts}; -v lists these:`, ...reasons]
}

/** Why checks were skipped, and how many for each reason; the most frequent first. */
function countReasons(findings: readonly Finding[]): string[] {
  const counts = new Map<string, number>()
  for (const {result, message = ''} of findings) {
    if (result === 'skipped') counts.set(message, (counts.get(message) ?? 0) + 1)
  }
  return [...counts]
    .toSorted(([, left], [, right]) => right - left)
    .map(([reason, count]) => `  ${count} ${reason}`)
}

/** The report as test results, which build systems show. */
export function renderJunit({cluster, findings}: DoctorReport): string {
  const count = (...results: FindingResult[]): number =>
    findings.filter(({result}) => results.includes(result)).length
  const suite = attributes({
    name: `kntool doctor for ${cluster}`,
    tests: findings.length,
    failures: count('error', 'warning'),
    errors: count('forbidden', 'unknown'),
    skipped: count('skipped'),
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite ${suite}>`,
    ...findings.flatMap(junitCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

/** The element of a test that says how it ended; none says that it passed. */
const JUNIT_ELEMENTS: Readonly<Partial<Record<FindingResult, string>>> = {
  error: 'failure',
  warning: 'failure',
  forbidden: 'error',
  unknown: 'error',
  skipped: 'skipped',
}

function junitCase(finding: Finding): string[] {
  const {id, category, result, message = '', evidence = [], hint, command, elapsedMs} = finding
  const head = attributes({classname: category, name: id, time: elapsedMs / 1000})
  const element = JUNIT_ELEMENTS[result]
  if (element === undefined) return [`    <testcase ${head}/>`]
  const said = attributes({message, ...(element !== 'skipped' && {type: result})})
  const text = [...evidence, hint, command].filter((line) => line !== undefined).join('\n')
  const body =
    text === ''
      ? `      <${element} ${said}/>`
      : `      <${element} ${said}>${escapeXml(text)}</${element}>`
  return [`    <testcase ${head}>`, body, '    </testcase>']
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(String(value))}"`)
    .join(' ')
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

// Control characters have no place in XML 1.0, not even escaped.
function escapeXml(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => XML_ESCAPES[character] ?? character)
    .replaceAll(/(?![\t\n\r])\p{Cc}/gu, '')
}

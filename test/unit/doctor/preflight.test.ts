import {describe, expect, test} from 'vitest'
import {judgeFindings, PREFLIGHT_CHECKS} from '../../../src/doctor/preflight.ts'
import type {Finding} from '../../../src/doctor/run-checks.ts'

function finding(result: Finding['result'], rest: Partial<Finding> = {}): Finding {
  const {message = `message of ${result}`, ...others} = rest
  return {
    id: 'x',
    category: 'cluster',
    title: 'X is fine',
    result,
    message,
    elapsedMs: 0,
    ...others,
  }
}

const WAITING = {dns: 'route53', wait: true} as const

describe('judgeFindings', () => {
  test.each([
    ['an error', finding('error'), WAITING, 'obstacle'],
    ['an error about names', finding('error', {category: 'dns'}), WAITING, 'obstacle'],
    [
      'an error about names that nobody waits for',
      finding('error', {category: 'dns'}),
      {...WAITING, wait: false},
      'warning',
    ],
    ['an error that may pass', finding('error', {stopsInstall: false}), WAITING, 'warning'],
    ['a warning', finding('warning'), WAITING, 'warning'],
    ['what may not be read', finding('forbidden'), WAITING, 'unchecked'],
    ['no answer', finding('unknown'), WAITING, 'unchecked'],
    [
      'a zone that may not be read, where kntool makes the record',
      finding('forbidden', {category: 'dns'}),
      WAITING,
      'obstacle',
    ],
    [
      'a zone that may not be read, where ExternalDNS does',
      finding('forbidden', {category: 'dns'}),
      {...WAITING, dns: 'external-dns'} as const,
      'unchecked',
    ],
    ['what is fine', finding('ok'), WAITING, 'nothing'],
    ['what is left out', finding('skipped'), WAITING, 'nothing'],
  ])('%s', (_name, found, settings, expected) => {
    const {obstacles, warnings} = judgeFindings([found], settings)
    const {message = ''} = found
    expect(obstacles.map((obstacle) => obstacle.message)).toEqual(
      expected === 'obstacle' ? [message] : [],
    )
    const told = {warning: [message], unchecked: [`Unchecked: X is fine: ${message}`]}
    expect(warnings).toEqual(told[expected as keyof typeof told] ?? [])
  })

  test('an obstacle has the code of its finding, and says what to do and to type', () => {
    const found = finding('error', {hint: 'do this', command: 'type that', code: 'KN_CONFLICT'})
    expect(judgeFindings([found], WAITING).obstacles).toEqual([
      {
        check: 'x',
        message: 'message of error',
        hints: ['do this', 'type that'],
        code: 'KN_CONFLICT',
      },
    ])
    expect(judgeFindings([finding('error')], WAITING).obstacles[0]?.code).toBe('KN_UNSUITABLE')
  })

  test('what several checks were refused is one obstacle', () => {
    const refused = finding('forbidden', {category: 'dns', message: 'AWS refuses'})
    expect(judgeFindings([refused, {...refused, id: 'y'}], WAITING).obstacles).toHaveLength(1)
  })
})

test('the checks before an installation need nothing that only an installation brings', () => {
  const brought = PREFLIGHT_CHECKS.filter(({needs}) =>
    needs.some((need) => ['knative', 'address', 'running'].includes(need)),
  )
  expect(brought).toEqual([])
})

import {describe, expect, test} from 'vitest'
import type {Finding} from '../../../src/doctor/run-checks.ts'
import type {DoctorReport} from '../../../src/operations/doctor/examine.ts'
import {renderDoctor} from '../../../src/ui/doctor-text.ts'

const EMBEDDED = 'not on the embedded cluster'
const NO_AWS = 'no AWS: this is the embedded cluster'

function report(
  ...findings: Pick<Finding, 'id' | 'category' | 'result' | 'message'>[]
): DoctorReport {
  return {
    cluster: 'the embedded cluster',
    result: 'ok',
    findings: findings.map((finding) => ({...finding, title: `About ${finding.id}`, elapsedMs: 1})),
  }
}

const REPORT = report(
  {id: 'certificate', category: 'load-balancer', result: 'skipped', message: NO_AWS},
  {id: 'targets', category: 'load-balancer', result: 'skipped', message: EMBEDDED},
  {id: 'domain', category: 'knative', result: 'ok'},
  {id: 'webhooks', category: 'knative', result: 'skipped', message: EMBEDDED},
)

describe('checks that were skipped', () => {
  test('are counted by the reason, the most frequent first', () => {
    expect(renderDoctor(REPORT)).toBe(
      [
        'Doctor for the embedded cluster:',
        '',
        'knative',
        '  ✓ About domain (domain)',
        '',
        '1 fine, 3 skipped; -v lists these:',
        `  2 ${EMBEDDED}`,
        `  1 ${NO_AWS}`,
        '',
      ].join('\n'),
    )
  })

  test('are listed where more is asked for', () => {
    expect(renderDoctor(REPORT, {verbose: true})).toBe(
      [
        'Doctor for the embedded cluster:',
        '',
        'load-balancer',
        `  - About certificate (certificate): ${NO_AWS}`,
        `  - About targets (targets): ${EMBEDDED}`,
        '',
        'knative',
        '  ✓ About domain (domain)',
        `  - About webhooks (webhooks): ${EMBEDDED}`,
        '',
        '1 fine, 3 skipped.',
        '',
      ].join('\n'),
    )
  })

  test('cost no line where there are none', () => {
    const text = renderDoctor(report({id: 'domain', category: 'knative', result: 'ok'}))
    expect(text).toMatch(/\n1 fine\.\n$/)
  })
})

import {describe, expect, test} from 'vitest'
import {renderWarnings} from '../../../src/ui/warning-text.ts'

const INSECURE =
  'Kubernetes default value is insecure, Knative may default this to secure in a future release'
const context = (index: number): string => `spec.template.spec.containers[${index}].securityContext`

describe('renderWarnings', () => {
  test('says nothing when there is nothing to say', () => {
    expect(renderWarnings([])).toBe('')
  })

  test('says the same thing once', () => {
    expect(renderWarnings(['unknown field "spec.colour"', 'unknown field "spec.colour"'])).toBe(
      'Warning: unknown field "spec.colour"\n',
    )
  })

  test('keeps apart what is different', () => {
    expect(renderWarnings(['this is deprecated: use that', 'v1beta1 goes away'])).toBe(
      'Warning: this is deprecated: use that\nWarning: v1beta1 goes away\n',
    )
  })

  test('brings the fields of several requests together, by the object that has them', () => {
    const text = renderWarnings([
      `${INSECURE}: ${context(0)}.capabilities, ${context(0)}.runAsNonRoot`,
      `${INSECURE}: ${context(0)}.capabilities, ${context(1)}.seccompProfile`,
    ])
    expect(text).toBe(
      `Warning: ${INSECURE}:\n` +
        `  ${context(0)}: capabilities, runAsNonRoot\n` +
        `  ${context(1)}: seccompProfile\n` +
        '  To set them: --security-context strict\n',
    )
  })
})

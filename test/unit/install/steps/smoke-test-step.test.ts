import {expect, test} from 'vitest'
import {readSmokeTest, SMOKE_TEST} from '../../../../src/install/steps/smoke-test-step.ts'

test('the Service that proves an installation has the name that messages say', () => {
  const {metadata, spec} = readSmokeTest()
  expect(metadata).toMatchObject(SMOKE_TEST)
  expect(spec.template.spec.containers).toHaveLength(1)
})

test('clusters that enforce the restricted standard admit it', () => {
  const {spec} = readSmokeTest()
  expect(spec.template.spec.containers[0]?.securityContext).toEqual({
    runAsUser: 65_532,
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    capabilities: {drop: ['ALL']},
    seccompProfile: {type: 'RuntimeDefault'},
  })
})

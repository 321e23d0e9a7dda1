import {describe, expect, test} from 'vitest'
import type {Pod} from '../../../../src/api/core/v1.ts'
import {judgeExternalDnsPods} from '../../../../src/doctor/checks/external-dns-checks.ts'

const RUNNING: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'external-dns-x', namespace: 'kube-system'},
  spec: {containers: []},
  status: {phase: 'Running'},
}
const CRASHING: Pod = {
  ...RUNNING,
  status: {
    containerStatuses: [
      {
        name: 'external-dns',
        image: 'external-dns',
        imageID: '',
        ready: false,
        restartCount: 3,
        state: {waiting: {reason: 'CrashLoopBackOff'}},
        lastState: {terminated: {exitCode: 1}},
      },
    ],
  },
}
const INFO = 'time="2024-04-22T10:00:00Z" level=info msg="All records are already up to date"\n'

describe('judgeExternalDnsPods', () => {
  test('one that runs and says nothing bad', () => {
    expect(judgeExternalDnsPods([{pod: RUNNING, log: INFO}]).result).toBe('ok')
  })

  test('one that has the role of its node', () => {
    const line =
      'records retrieval failed: AccessDenied: User: arn:aws:sts::1:assumed-role/eks-node/i-0 is not authorized to perform: route53:ListHostedZones'
    const log = `${INFO}time="2024-04-22T10:00:01Z" level=error msg="${line}"\n`
    expect(judgeExternalDnsPods([{pod: RUNNING, log}])).toMatchObject({
      result: 'error',
      message: `ExternalDNS complains: ${line}`,
      hint: expect.stringContaining('eks.amazonaws.com/role-arn'),
      command: 'kntool install iam --mode external-dns',
    })
  })

  test('one that crashes on a record that is not its own', () => {
    const said = 'failed to submit all changes for the following zones: [/hostedzone/Z1]'
    const log = `{"level":"fatal","msg":"${said}","time":"2024-04-22T10:00:01Z"}\n`
    expect(judgeExternalDnsPods([{pod: CRASHING, log}])).toMatchObject({
      result: 'error',
      message: `ExternalDNS does not run: external-dns-x CrashLoopBackOff: exited with 1; it said: ${said}`,
      command: 'kntool doctor --only record-owner',
      stopsInstall: false,
    })
  })
})

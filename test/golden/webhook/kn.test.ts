/** What kn ran into at the webhook of a genuine Knative. */
import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {withoutChanges} from '../../support/golden-refusal.ts'
import {admit, mergePatch} from './admit.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

interface Invocation {
  readonly n: number
  readonly stderr: string
  readonly ksvc: Record<string, {spec: object; annotations: Record<string, string>}>
}

/** What the webhook said, out of what kn printed. */
function refusalIn({stderr}: Invocation): string {
  return stderr.slice(stderr.indexOf('admission webhook "'), stderr.indexOf("\nRun 'kn --help'"))
}

const invocations: Invocation[] = RECORDINGS.isMet()
  ? goldenText('kn-parity.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Invocation)
  : []

function recorded(n: number): Invocation {
  const found = invocations.find((invocation) => invocation.n === n)
  if (found === undefined) throw new Error(`invocation ${n} is recorded`)
  return found
}

function service(name: string, spec: object, annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name, namespace: 'kp-create', annotations},
    ...({spec} as object),
  }
}

const IMAGE = 'ghcr.io/knative/helloworld-go:latest'

describe('kn reads the same refusal', needs(RECORDINGS), () => {
  test('when an update keeps the name of a named revision', async () => {
    const invocation = recorded(173)
    const stored = invocation.ksvc['rn1']
    if (stored === undefined) throw new Error('the Service is recorded')
    const old = service('rn1', stored.spec, stored.annotations)
    const update = mergePatch(old, {
      spec: {
        template: {
          metadata: {annotations: {'client.knative.dev/updateTimestamp': '2026-11-22T14:22:33Z'}},
          spec: {
            containers: [
              {
                image: IMAGE,
                name: 'user-container',
                readinessProbe: {successThreshold: 1, tcpSocket: {port: 0}},
                env: [{name: 'X', value: '1'}],
              },
            ],
          },
        },
      },
    }) as KubeObject
    const message = (await admit(update, old)).message ?? ''
    expect(withoutChanges(message)).toBe(withoutChanges(refusalIn(invocation)))
  })

  test('when a probe without a period says how often it may fail', async () => {
    const readinessProbe = {exec: {command: ['/bin/check', '-v']}, failureThreshold: 4}
    const containers = [{image: IMAGE, readinessProbe}]
    const {message} = await admit(service('pr3', {template: {spec: {containers}}}))
    expect(message).toBe(refusalIn(recorded(136)))
  })

  test('when no container of several has a port', async () => {
    const containers = [{image: IMAGE}, {image: IMAGE}]
    const {message, warnings} = await admit(service('con1', {template: {spec: {containers}}}))
    expect(message).toBe(refusalIn(recorded(151)))
    expect(recorded(151).stderr).toContain(`Warning: ${warnings[0]}\n`)
  })
})

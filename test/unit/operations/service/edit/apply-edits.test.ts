import {describe, expect, test} from 'vitest'
import type {Service} from '../../../../../src/api/serving/v1.ts'
import {applyEdits} from '../../../../../src/operations/service/edit/apply-edits.ts'
import {
  EDIT_NAMES,
  makesRevision,
  type ServiceEdits,
} from '../../../../../src/operations/service/edit/service-edits.ts'
import {newService} from '../../../../../src/operations/service/new-service.ts'

const CONTEXT = {nowMs: Date.UTC(2024, 3, 22), purpose: 'update'} as const

function edit(edits: ServiceEdits, before = newService({namespace: 'default', name: 'web'})) {
  const {spec, metadata} = applyEdits(before, {image: 'one', ...edits}, CONTEXT)
  const {spec: pod, metadata: template} = spec.template
  return {pod, container: pod.containers[0], annotations: template?.annotations ?? {}, metadata}
}

describe('edits of fields that kn leaves to files', () => {
  test('set the times of a request', () => {
    const {pod} = edit({responseStartTimeoutSeconds: 20, idleTimeoutSeconds: 30})
    expect(pod).toMatchObject({responseStartTimeoutSeconds: 20, idleTimeoutSeconds: 30})
  })

  test('set probes over gRPC, and of the start', () => {
    const {container} = edit({
      livenessProbe: 'grpc:8080:health',
      startupProbe: 'http::8080:/started',
      startupProbeOptions: 'PeriodSeconds=2,FailureThreshold=30',
    })
    expect(container).toMatchObject({
      livenessProbe: {grpc: {port: 8080, service: 'health'}},
      startupProbe: {
        httpGet: {port: 8080, path: '/started'},
        periodSeconds: 2,
        failureThreshold: 30,
      },
    })
  })

  test('put init containers in the place of those with the same names', () => {
    const before = newService({namespace: 'default', name: 'web'})
    before.spec.template.spec.initContainers = [
      {name: 'fetch', image: 'a'},
      {name: 'prepare', image: 'b'},
    ]
    const {pod} = edit(
      {
        initContainers: [
          {name: 'prepare', image: 'c'},
          {name: 'warm', image: 'd'},
        ],
      },
      before,
    )
    expect(pod.initContainers?.map(({name, image}) => `${name}=${image}`)).toEqual([
      'fetch=a',
      'prepare=c',
      'warm=d',
    ])
  })

  test('set how a revision scales', () => {
    const {annotations} = edit({
      scaleDownDelay: '15m',
      scalePodRetention: '1m5s',
      scaleAggregation: 'weighted-exponential',
      scaleBurstCapacity: -1,
      scalePanicWindow: 20,
      scalePanicThreshold: 150,
    })
    expect(annotations).toMatchObject({
      'autoscaling.knative.dev/scale-down-delay': '15m',
      'autoscaling.knative.dev/scale-to-zero-pod-retention-period': '1m5s',
      'autoscaling.knative.dev/metric-aggregation-algorithm': 'weighted-exponential',
      'autoscaling.knative.dev/target-burst-capacity': '-1',
      'autoscaling.knative.dev/panic-window-percentage': '20',
      'autoscaling.knative.dev/panic-threshold-percentage': '150',
    })
  })

  test('set how long traffic moves, which makes no revision', () => {
    const {metadata} = edit({rolloutDuration: '10m'})
    expect(metadata.annotations).toEqual({'serving.knative.dev/rollout-duration': '10m'})
    expect(makesRevision({rolloutDuration: '10m'})).toBe(false)
  })
})

describe('the security context', () => {
  test('is the user alone where a user is given, as in kn 1.13', () => {
    const before = newService({namespace: 'default', name: 'web'})
    before.spec.template.spec.containers = [{securityContext: {runAsNonRoot: true}}]
    expect(edit({user: 1001}, before).container?.securityContext).toEqual({runAsUser: 1001})
  })

  test('is strict or none even with a user, as in kn', () => {
    const strict = edit({user: 1001, securityContext: 'strict'}).container?.securityContext
    expect(strict).toEqual(edit({securityContext: 'strict'}).container?.securityContext)
    expect(strict).toMatchObject({runAsNonRoot: true})
    expect(edit({user: 1001, securityContext: 'none'}).container?.securityContext).toBeUndefined()
  })
})

describe('an edit that cannot be right', () => {
  test.each<[ServiceEdits, string]>([
    [{port: 'http'}, '--port'],
    [{pullPolicy: 'Sometimes'}, '--pull-policy'],
    [{requests: ['cpu=many']}, '--request'],
    [{limits: ['=1']}, '--limit'],
    [{securityContext: 'loose'}, '--security-context'],
    [{livenessProbe: 'udp::53'}, '--probe-liveness'],
    [{livenessProbe: 'grpc:health'}, '--probe-liveness'],
    [{readinessProbe: 'http:8080'}, '--probe-readiness'],
    [{startupProbe: ''}, '--probe-startup'],
    [{startupProbeOptions: 'PeriodSeconds=often'}, '--probe-startup-opts'],
    [{readinessProbeOptions: 'Speed=1'}, '--probe-readiness-opts'],
    [{environment: [{kind: 'value', text: 'A'}]}, '--env'],
    [{environment: [{kind: 'reference', text: 'A=b'}]}, '--env'],
    [{envFrom: ['a']}, '--env-from'],
    [{mounts: ['/data=nowhere:a']}, '--mount'],
    [{volumes: ['a=nowhere:b']}, '--volume'],
    [{nodeSelector: ['=a']}, '--node-selector'],
    [{tolerations: ['Operator=Sometimes']}, '--toleration'],
    [{nodeAffinity: ['Type=Maybe']}, '--node-affinity'],
    [{scale: 'a'}, '--scale'],
    [{scale: '1', scaleMin: 1}, '--scale-min'],
    [{scale: '1', scaleMax: 1}, '--scale-max'],
    [{scaleWindow: 'long'}, 'scale-window'],
    [{scaleDownDelay: '1500ms'}, 'scale-down-delay'],
    [{scalePodRetention: 'x'}, 'scale-pod-retention'],
    [{scaleAggregation: 'mean'}, '--scale-aggregation'],
    [{scaleBurstCapacity: -2}, '--scale-burst-capacity'],
    [{scalePanicWindow: 0}, '--scale-panic-window'],
    [{scalePanicThreshold: 100}, '--scale-panic-threshold'],
    [{rolloutDuration: '-1s'}, 'rollout-duration'],
    [{concurrencyLimit: -1}, 'concurrency-limit'],
    [{labels: ['=b']}, '--label'],
    [{revisionLabels: ['a=1', 'a=2']}, '--label-revision'],
    [{annotations: ['=b']}, '--annotation'],
    [{serviceAnnotations: ['autoscaling.knative.dev/min-scale=1']}, '--annotation-revision'],
    [{revisionName: '{{.Colour}}'}, '--revision-name'],
  ])('%j says that it is about %s', (edits, name) => {
    let thrown: unknown
    try {
      edit(edits)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({code: 'KN_USAGE'})
    const {message, hints} = thrown as {message: string; hints: string[]}
    expect([message, ...hints].join('\n')).toContain(name)
  })

  test('changes nothing of the Service it was given', () => {
    const service: Service = newService({namespace: 'default', name: 'web'})
    const before = structuredClone(service)
    expect(() => edit({image: 'two', port: 'http'}, service)).toThrow(/port/)
    expect(service).toEqual(before)
  })
})

test('every edit has a name of its own', () => {
  const names = Object.values(EDIT_NAMES)
  expect(new Set(names).size).toBe(names.length)
})

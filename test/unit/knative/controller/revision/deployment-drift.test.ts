import {describe, expect, test} from 'vitest'
import type {Deployment} from '../../../../../src/api/apps/v1.ts'
import {deploymentDrifted} from '../../../../../src/knative/controller/revision/deployment-drift.ts'

const wanted: Deployment['spec'] = {
  replicas: 1,
  selector: {matchLabels: {a: 'b'}},
  strategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0}},
  template: {
    metadata: {labels: {a: 'b'}},
    spec: {
      containers: [
        {
          name: 'user-container',
          image: 'hello',
          env: [{name: 'A', value: '1'}, {name: 'EMPTY'}],
          ports: [{containerPort: 8080}],
          lifecycle: {preStop: {httpGet: {port: 8022, path: '/wait-for-drain'}}},
        },
      ],
    },
  },
}

/** What a server answers: `wanted` with its defaults. */
function stored(): Deployment['spec'] {
  const spec = structuredClone(wanted)
  const [container] = spec.template.spec.containers
  Object.assign(container ?? {}, {
    imagePullPolicy: 'Always',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ports: [{containerPort: 8080, protocol: 'TCP'}],
    lifecycle: {preStop: {httpGet: {port: 8022, path: '/wait-for-drain', scheme: 'HTTP'}}},
  })
  Object.assign(spec.template.spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  })
  return {
    ...spec,
    revisionHistoryLimit: 10,
    strategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0, maxSurge: '25%'}},
  }
}

describe('a Deployment', () => {
  test('is as wanted with the defaults of the server', () => {
    expect(deploymentDrifted(wanted, stored())).toBe(false)
  })

  test('is as wanted with labels that a mesh has put on its pods', () => {
    const have = stored()
    Object.assign(have.template.metadata?.labels ?? {}, {'service.istio.io/canonical-name': 'x'})
    expect(deploymentDrifted(wanted, have)).toBe(false)
  })

  test('is as wanted with amounts that are written in another way', () => {
    const asked = structuredClone(wanted)
    const have = stored()
    Object.assign(asked.template.spec.containers[0] ?? {}, {resources: {limits: {cpu: '1000m'}}})
    const resources = {limits: {cpu: '1'}, requests: {cpu: '1'}}
    Object.assign(have.template.spec.containers[0] ?? {}, {resources})
    expect(deploymentDrifted(asked, have)).toBe(false)
    Object.assign(resources.limits, {cpu: '2'})
    expect(deploymentDrifted(asked, have)).toBe(true)
  })

  test.each<[string, (spec: Deployment['spec']) => void]>([
    ['another scale', (spec) => (spec.replicas = 2)],
    ['a label less', (spec) => (spec.template.metadata = {labels: {}})],
    ['another container', (spec) => spec.template.spec.containers.push({name: 'more'})],
    [
      'another image',
      ({template}) => Object.assign(template.spec.containers[0] ?? {}, {image: 'x'}),
    ],
    [
      'a variable more',
      ({template}) => template.spec.containers[0]?.env?.push({name: 'B', value: '2'}),
    ],
    [
      'another value',
      ({template}) =>
        Object.assign(template.spec.containers[0]?.env?.[1] ?? {}, {value: 'not empty'}),
    ],
    ['a field of its own', ({template}) => (template.spec.nodeSelector = {disk: 'ssd'})],
    ['another than the default', ({template}) => (template.spec.dnsPolicy = 'Default')],
  ])('has drifted with %s', (_name, change) => {
    const have = stored()
    change(have)
    expect(deploymentDrifted(wanted, have)).toBe(true)
  })
})

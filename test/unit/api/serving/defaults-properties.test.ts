import fc from 'fast-check'
import {expect, test} from 'vitest'
import {setConfigurationDefaults, setServiceDefaults} from '../../../../src/api/serving/defaults.ts'
import type {Configuration, Service} from '../../../../src/api/serving/v1.ts'
import {admissionContext} from './contexts.ts'

const anyProbe = fc.option(
  fc.constantFrom(
    {},
    {httpGet: {path: '/'}},
    {httpGet: {path: '/', port: 8081}, periodSeconds: 3},
    {tcpSocket: {port: 0}, successThreshold: 2},
    {exec: {command: ['true']}},
    {grpc: {}},
  ),
  {nil: undefined},
)

const anyContainer = fc.record(
  {
    image: fc.constantFrom('a.io/app', 'b.io/side:1'),
    name: fc.constantFrom('', 'app', 'side', 'user-container', 'user-container-0'),
    ports: fc.constantFrom([], [{containerPort: 8080}], [{containerPort: 9000, name: 'h2c'}]),
    readinessProbe: anyProbe,
    livenessProbe: anyProbe,
    resources: fc.constantFrom({}, {limits: {cpu: '1'}}, {requests: {memory: '1Gi'}}),
    volumeMounts: fc.constantFrom([], [{name: 'v', mountPath: '/v'}]),
  },
  {requiredKeys: ['image']},
)

const anyService = fc
  .record({
    containers: fc.array(anyContainer, {minLength: 1, maxLength: 3}),
    spec: fc.record(
      {
        timeoutSeconds: fc.constantFrom(0, 10, 300),
        containerConcurrency: fc.constantFrom(0, 1, 100),
        enableServiceLinks: fc.boolean(),
        idleTimeoutSeconds: fc.constantFrom(0, 5),
      },
      {requiredKeys: []},
    ),
    traffic: fc.option(
      fc.constantFrom(
        [],
        [{percent: 100}],
        [
          {revisionName: 'svc-1', percent: 100},
          {tag: 'next', latestRevision: true},
        ],
      ),
      {nil: undefined},
    ),
  })
  .map(({containers, spec, traffic}) => {
    const service = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {name: 'svc', namespace: 'default'},
      spec: {template: {spec: {containers, ...spec}}, ...(traffic && {traffic})},
    }
    // Arbitrary probes carry undefined fields, which no request can.
    return JSON.parse(JSON.stringify(service)) as Service
  })

const anyConfigs = fc.constantFrom(
  {},
  {defaults: {'revision-idle-timeout-seconds': '30', 'revision-cpu-limit': '2'}},
  {defaults: {'container-name-template': '{{.Name}}', 'container-concurrency': '5'}},
  {features: {'secure-pod-defaults': 'enabled'}},
)

test('defaulting a Service twice is defaulting it once', () => {
  fc.assert(
    fc.property(anyService, anyConfigs, (service, configs) => {
      const once = structuredClone(service)
      setServiceDefaults(once, admissionContext(configs, {username: 'ann'}))
      const again = structuredClone(once)
      setServiceDefaults(again, admissionContext(configs, {username: 'ann'}))
      expect(again).toEqual(once)
    }),
  )
})

test('an update with what is stored changes nothing, whoever sends it', () => {
  fc.assert(
    fc.property(anyService, anyConfigs, (service, configs) => {
      const stored = structuredClone(service)
      setServiceDefaults(stored, admissionContext(configs, {username: 'ann'}))
      const sent = structuredClone(stored)
      const context = admissionContext(configs, {username: 'bob', operation: 'UPDATE'})
      setServiceDefaults(sent, context, stored)
      expect(sent).toEqual(stored)
    }),
  )
})

test('what the user sent first and sends again leaves no other modifier', () => {
  fc.assert(
    fc.property(anyService, anyConfigs, (service, configs) => {
      const stored = structuredClone(service)
      setServiceDefaults(stored, admissionContext(configs, {username: 'ann'}))
      const sent = structuredClone(service)
      sent.metadata = structuredClone(stored.metadata)
      const context = admissionContext(configs, {username: 'bob', operation: 'UPDATE'})
      setServiceDefaults(sent, context, stored)
      // Service links are a default of creation only, as upstream.
      const differs = sent.spec.template.spec.enableServiceLinks === undefined
      const modifier = sent.metadata.annotations?.['serving.knative.dev/lastModifier']
      expect(modifier).toBe(differs ? 'bob' : 'ann')
    }),
  )
})

test('a Configuration made from a defaulted template needs no more defaults', () => {
  fc.assert(
    fc.property(anyService, (service) => {
      setServiceDefaults(service, admissionContext())
      const configuration: Configuration = {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Configuration',
        metadata: {name: 'svc', namespace: 'default'},
        spec: {template: structuredClone(service.spec.template)},
      }
      setConfigurationDefaults(configuration, admissionContext())
      expect(configuration.spec.template).toEqual(service.spec.template)
    }),
  )
})

import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {INTERNAL_KIND_TYPES} from '../../../../src/api/go-types/internal.ts'
import {roundTrip} from '../../../../src/api/go-types/round-trip.ts'
import {KIND_TYPES} from '../../../../src/api/go-types/serving.ts'

function service(spec: unknown): unknown {
  const object = {spec: structuredClone(spec)}
  roundTrip(KIND_TYPES.Service, object)
  return object.spec
}

/** A Service with one container. */
function container(fields: object): unknown {
  const spec = service({template: {spec: {containers: [fields]}}})
  return (spec as {template: {spec: {containers: unknown[]}}}).template.spec.containers[0]
}

describe('a round trip through Go', () => {
  test('adds what Go always writes', () => {
    expect(service({})).toEqual({
      template: {metadata: {creationTimestamp: null}, spec: {containers: null}},
    })
    expect(container({image: 'x', livenessProbe: {httpGet: {path: '/'}}})).toEqual({
      image: 'x',
      name: '',
      resources: {},
      livenessProbe: {httpGet: {path: '/', port: 0}},
    })
  })

  test('drops what Go leaves out: unknown fields, nulls, zeros and empty lists', () => {
    expect(
      container({
        name: 'a',
        nonsense: 1,
        image: '',
        args: [],
        command: null,
        stdin: false,
        env: [{name: 'A', value: '', valueFrom: null}],
        securityContext: {},
        resources: {limits: {}},
      }),
    ).toEqual({name: 'a', env: [{name: 'A'}], securityContext: {}, resources: {}})
  })

  test('keeps a pointer to zero', () => {
    expect(service({template: {spec: {containers: [], timeoutSeconds: 0}}})).toMatchObject({
      template: {spec: {containers: [], timeoutSeconds: 0}},
    })
  })

  test('writes quantities in their canonical form', () => {
    const resources = {limits: {cpu: '1000m', memory: 1073741824}, requests: {cpu: 0.5}}
    expect(container({resources})).toMatchObject({
      resources: {limits: {cpu: '1', memory: '1073741824'}, requests: {cpu: '500m'}},
    })
  })

  test('leaves metadata and status alone', () => {
    const object = {metadata: {name: 'a', more: 1}, status: {any: []}, spec: {}}
    roundTrip(KIND_TYPES.Route, object)
    expect(object).toEqual({metadata: {name: 'a', more: 1}, status: {any: []}, spec: {}})
  })

  test('a second one changes nothing', () => {
    const value = fc.letrec((tie) => ({
      spec: fc.record(
        {
          image: fc.string(),
          args: fc.array(fc.string()),
          env: fc.array(fc.record({name: fc.string(), value: fc.string()})),
          tty: fc.boolean(),
          livenessProbe: fc.record({periodSeconds: fc.nat(), tcpSocket: fc.constant({})}),
        },
        {requiredKeys: []},
      ),
      list: fc.array(tie('spec'), {maxLength: 3}),
    })).list
    fc.assert(
      fc.property(value, (containers) => {
        const once = service({template: {spec: {containers}}})
        expect(service(once)).toEqual(once)
      }),
    )
  })
})

describe('a value of the wrong type', () => {
  test.each([
    [
      {traffic: [{percent: '50'}]},
      'json: cannot unmarshal string into Go struct field TrafficTarget.spec.RouteSpec.traffic.percent of type int64',
    ],
    [
      {traffic: [{percent: 1.5}]},
      'json: cannot unmarshal number 1.5 into Go struct field TrafficTarget.spec.RouteSpec.traffic.percent of type int64',
    ],
    [
      {traffic: {}},
      'json: cannot unmarshal object into Go struct field ServiceSpec.spec.RouteSpec.traffic of type []v1.TrafficTarget',
    ],
    [
      {template: {metadata: {labels: {a: 1}}}},
      'json: cannot unmarshal number into Go struct field ObjectMeta.spec.ConfigurationSpec.template.metadata.labels of type string',
    ],
    [
      {template: {spec: {containers: [{imagePullPolicy: true}]}}},
      'json: cannot unmarshal bool into Go struct field Container.spec.ConfigurationSpec.template.spec.PodSpec.containers.imagePullPolicy of type v1.PullPolicy',
    ],
    [
      {template: {spec: {containers: [{ports: [{containerPort: 3000000000}]}]}}},
      'json: cannot unmarshal number 3000000000 into Go struct field ContainerPort.spec.ConfigurationSpec.template.spec.PodSpec.containers.ports.containerPort of type int32',
    ],
    [
      {template: {spec: {nodeName: []}}},
      'json: cannot unmarshal array into Go struct field RevisionSpec.spec.ConfigurationSpec.template.spec.PodSpec.nodeName of type string',
    ],
  ])('%j is told as Go tells it', (spec, message) => {
    expect(() => service(spec)).toThrow(new Error(message))
  })

  test('the first one in the order of the keys is told', () => {
    expect(() => service({traffic: 1, template: 2})).toThrow('ConfigurationSpec.template')
  })

  test('a type that reads itself ends the reading at once', () => {
    const containers = [{args: 1, resources: {limits: {cpu: 'x'}}}]
    expect(() => service({template: {spec: {containers}}})).toThrow('quantities must match')
  })
})

test('the kinds of controllers are known too', () => {
  const object = {spec: {rules: [{http: {paths: [{splits: [{serviceName: 'a', percent: 0}]}]}}]}}
  roundTrip(INTERNAL_KIND_TYPES.Ingress, object)
  expect(object.spec.rules).toEqual([
    {http: {paths: [{splits: [{serviceName: 'a', serviceNamespace: '', servicePort: 0}]}]}},
  ])
})

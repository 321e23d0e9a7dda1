import {describe, expect, test} from 'vitest'
import {
  setConfigurationDefaults,
  setDomainMappingDefaults,
  setRevisionDefaults,
  setRouteDefaults,
  setServiceDefaults,
} from '../../../../src/api/serving/defaults.ts'
import type {
  Configuration,
  DomainMapping,
  Revision,
  RevisionSpec,
  Route,
  Service,
} from '../../../../src/api/serving/v1.ts'
import {admissionContext} from './contexts.ts'

const CREATE = admissionContext()
const UPDATE = admissionContext({}, {operation: 'UPDATE'})

function service(spec: Partial<RevisionSpec> = {}, more: Partial<Service['spec']> = {}): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'web', namespace: 'shop'},
    spec: {template: {spec: {containers: [{image: 'busybox'}], ...spec}}, ...more},
  }
}

function defaulted(spec: Partial<RevisionSpec>, context = CREATE): RevisionSpec {
  const object = service(spec)
  setServiceDefaults(object, context)
  return object.spec.template.spec
}

describe('a revision', () => {
  test('gets timeouts that fit into each other', () => {
    const context = admissionContext({
      defaults: {
        'revision-timeout-seconds': '100',
        'revision-response-start-timeout-seconds': '50',
        'revision-idle-timeout-seconds': '20',
      },
    })
    expect(defaulted({}, context)).toMatchObject({
      timeoutSeconds: 100,
      responseStartTimeoutSeconds: 50,
      idleTimeoutSeconds: 20,
    })
    const short = defaulted({timeoutSeconds: 30}, context)
    expect(short).toMatchObject({timeoutSeconds: 30, idleTimeoutSeconds: 20})
    expect(short).not.toHaveProperty('responseStartTimeoutSeconds')
  })

  test('takes a timeout of zero for none', () => {
    expect(defaulted({timeoutSeconds: 0}).timeoutSeconds).toBe(300)
  })

  test('gets resources one by one', () => {
    const context = admissionContext({
      defaults: {'revision-cpu-request': '100m', 'revision-memory-limit': '1Gi'},
    })
    const containers = [{image: 'a', resources: {requests: {cpu: '2'}}}]
    expect(defaulted({containers}, context).containers[0]?.resources).toEqual({
      requests: {cpu: '2'},
      limits: {memory: '1Gi'},
    })
  })

  test('gets container names that clash with no other', () => {
    const names = (spec: Partial<RevisionSpec>): unknown[] =>
      defaulted(spec).containers.map(({name}) => name)
    expect(names({containers: [{image: 'a'}]})).toEqual(['user-container'])
    expect(
      names({containers: [{image: 'a'}, {image: 'b', name: 'user-container-1'}, {image: 'c'}]}),
    ).toEqual(['user-container-0', 'user-container-1', 'user-container-2'])
    expect(
      names({containers: [{image: 'a'}], initContainers: [{image: 'b', name: 'user-container'}]}),
    ).toEqual(['user-container-0'])
  })

  test('may be named after its parent', () => {
    const context = admissionContext({defaults: {'container-name-template': '{{.Name}}-main'}})
    expect(defaulted({}, context).containers[0]?.name).toBe('web-main')
  })

  test('is probed only where it serves', () => {
    const {containers} = defaulted({
      containers: [{image: 'a', ports: [{containerPort: 80}]}, {image: 'b'}],
    })
    expect(containers[0]?.readinessProbe).toEqual({tcpSocket: {port: 0}, successThreshold: 1})
    expect(containers[1]).not.toHaveProperty('readinessProbe')
  })

  test('keeps its own probe and fills the rest', () => {
    const containers = [
      {
        image: 'a',
        readinessProbe: {grpc: {port: 5}, periodSeconds: 2},
        livenessProbe: {grpc: {port: 6}},
      },
    ]
    expect(defaulted({containers}).containers[0]).toMatchObject({
      readinessProbe: {
        grpc: {port: 5, service: ''},
        periodSeconds: 2,
        successThreshold: 1,
        failureThreshold: 3,
        timeoutSeconds: 1,
      },
      livenessProbe: {grpc: {port: 6, service: ''}},
    })
  })

  test('has its volumes mounted read-only unless they are made to be written', () => {
    const volumeMounts = [
      {name: 'secret', mountPath: '/a'},
      {name: 'scratch', mountPath: '/b'},
    ]
    const {containers} = defaulted({
      containers: [{image: 'a', volumeMounts}],
      volumes: [
        {name: 'secret', secret: {}},
        {name: 'scratch', emptyDir: {}},
      ],
    })
    expect(containers[0]?.volumeMounts?.map(({readOnly}) => readOnly)).toEqual([true, undefined])
  })

  test('gets service links only when it is created', () => {
    expect(defaulted({}).enableServiceLinks).toBe(false)
    expect(defaulted({}, UPDATE)).not.toHaveProperty('enableServiceLinks')
    const open = admissionContext({defaults: {'enable-service-links': 'default'}})
    expect(defaulted({}, open)).not.toHaveProperty('enableServiceLinks')
  })

  test('is made safe where secure-pod-defaults says so', () => {
    const secure = admissionContext({features: {'secure-pod-defaults': 'enabled'}})
    const strict = {
      allowPrivilegeEscalation: false,
      seccompProfile: {type: 'RuntimeDefault'},
      runAsNonRoot: true,
      capabilities: {drop: ['ALL']},
    }
    expect(defaulted({}, secure).containers[0]?.securityContext).toEqual(strict)
    const low = [{image: 'a', ports: [{containerPort: 80}]}]
    expect(defaulted({containers: low}, secure).containers[0]?.securityContext).toEqual({
      ...strict,
      capabilities: {drop: ['ALL'], add: ['NET_BIND_SERVICE']},
    })
    const own = defaulted({securityContext: {runAsNonRoot: false}}, secure)
    expect(own.containers[0]?.securityContext).not.toHaveProperty('runAsNonRoot')
  })

  test('that is stored already is never touched', () => {
    const revision: Revision = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Revision',
      metadata: {name: 'web-00001'},
      spec: {containers: [{image: 'a'}]},
    }
    setRevisionDefaults(revision, UPDATE)
    expect(revision.spec).toEqual({containers: [{image: 'a'}]})
    setRevisionDefaults(revision, CREATE)
    expect(revision.spec.timeoutSeconds).toBe(300)
  })
})

describe('traffic', () => {
  test('of a Service goes to the latest revision', () => {
    const object = service()
    setServiceDefaults(object, CREATE)
    expect(object.spec.traffic).toEqual([{latestRevision: true, percent: 100}])
  })

  test('that is given says what it means', () => {
    const object = service({}, {traffic: [{revisionName: 'web-1'}, {tag: 'new'}]})
    setServiceDefaults(object, CREATE)
    expect(object.spec.traffic).toEqual([
      {revisionName: 'web-1', latestRevision: false, percent: 0},
      {tag: 'new', latestRevision: true, percent: 0},
    ])
  })

  test('of a Route is not invented', () => {
    const route: Route = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Route',
      metadata: {name: 'web'},
      spec: {},
    }
    setRouteDefaults(route, CREATE)
    expect(route.spec).toEqual({})
  })
})

describe('a revision that somebody named', () => {
  test('gets no new defaults while it keeps its name', () => {
    const named = (name: string): Service => {
      const object = service()
      object.spec.template.metadata = {name}
      return object
    }
    const old = named('web-a')
    const same = named('web-a')
    setServiceDefaults(same, UPDATE, old)
    expect(same.spec.template.spec).toEqual({containers: [{image: 'busybox'}]})
    const other = named('web-b')
    setServiceDefaults(other, UPDATE, old)
    expect(other.spec.template.spec.timeoutSeconds).toBe(300)
  })
})

describe('who did it', () => {
  const byAnn = {...CREATE, username: 'ann'}
  const byBob = {...UPDATE, username: 'bob'}

  function createdByAnn(): Service {
    const object = service()
    setServiceDefaults(object, byAnn)
    return object
  }

  test('is written down at the creation, whatever the object says', () => {
    const object = service()
    object.metadata.annotations = {'serving.knative.dev/creator': 'mallory'}
    setServiceDefaults(object, byAnn)
    expect(object.metadata.annotations).toEqual({
      'serving.knative.dev/creator': 'ann',
      'serving.knative.dev/lastModifier': 'ann',
    })
  })

  test('changes with the spec only', () => {
    const old = createdByAnn()
    const labelled = {...structuredClone(old), metadata: {...old.metadata, labels: {a: 'b'}}}
    setServiceDefaults(labelled, byBob, old)
    expect(labelled.metadata.annotations?.['serving.knative.dev/lastModifier']).toBe('ann')
    const changed = structuredClone(old)
    changed.spec.template.spec.containerConcurrency = 7
    setServiceDefaults(changed, byBob, old)
    expect(changed.metadata.annotations).toEqual({
      'serving.knative.dev/creator': 'ann',
      'serving.knative.dev/lastModifier': 'bob',
    })
  })

  test('is nobody new when only the defaults of the cluster are newer than the object', () => {
    const old = Object.freeze(service())
    const again = structuredClone(old)
    setServiceDefaults(again, byBob, old)
    expect(again.spec.template.spec.timeoutSeconds).toBe(300)
    expect(again.metadata).not.toHaveProperty('annotations')
  })

  test('is left to the Service for what a Service owns', () => {
    const configuration: Configuration = {
      ...service(),
      kind: 'Configuration',
      metadata: {
        name: 'web',
        ownerReferences: [{apiVersion: 'v1', kind: 'Service', name: 'web', uid: '1'}],
      },
    }
    setConfigurationDefaults(configuration, byAnn)
    expect(configuration.metadata).not.toHaveProperty('annotations')
  })
})

test('a DomainMapping refers to its own namespace', () => {
  const mapping: DomainMapping = {
    apiVersion: 'serving.knative.dev/v1beta1',
    kind: 'DomainMapping',
    metadata: {name: 'www.example.org', namespace: 'shop'},
    spec: {ref: {kind: 'Service', name: 'web', apiVersion: 'serving.knative.dev/v1'}},
  }
  setDomainMappingDefaults(mapping, {...CREATE, username: 'ann'})
  expect(mapping.spec.ref.namespace).toBe('shop')
  expect(mapping.metadata.annotations?.['serving.knative.dev/creator']).toBe('ann')
})

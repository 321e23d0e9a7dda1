import {describe, expect, test} from 'vitest'
import {roundTrip} from '../../../../src/api/go-types/round-trip.ts'
import {KIND_TYPES} from '../../../../src/api/go-types/serving.ts'
import {validatePodSpec} from '../../../../src/api/serving/pod-spec-validation.ts'
import type {RevisionSpec} from '../../../../src/api/serving/v1.ts'
import {admissionContext} from './contexts.ts'

/** What is wrong with a PodSpec; without the warnings every container earns. */
function problems(pod: object, features: Record<string, string> = {}): string {
  const object = {spec: structuredClone(pod)}
  roundTrip(KIND_TYPES.Revision, object)
  const spec = object.spec as RevisionSpec
  return validatePodSpec(spec, admissionContext({features})).filter('error').toString()
}

function ofContainer(container: object, pod: object = {}): string {
  return problems({containers: [{image: 'busybox', ...container}], ...pod})
}

const MOUNTS = {volumeMounts: [{name: 'v', mountPath: '/v', readOnly: true}]}

describe('a container', () => {
  test.each([
    [
      {ports: [{containerPort: 8008}]},
      'invalid value: 8008 is a reserved port: containers[0].ports.containerPort\n8008 is a reserved port, please use a different value',
    ],
    [
      {ports: [{containerPort: 80, hostIP: '1.2.3.4'}]},
      'must not set the field(s): containers[0].ports.hostIP',
    ],
    [{ports: [{containerPort: 80, name: 'h2c'}]}, ''],
    [
      {terminationMessagePolicy: 'Loud'},
      'invalid value: Loud: containers[0].terminationMessagePolicy',
    ],
    [
      {lifecycle: {}, stdin: true, tty: true},
      'must not set the field(s): containers[0].lifecycle, containers[0].stdin, containers[0].tty',
    ],
    [
      {securityContext: {privileged: false}},
      'must not set the field(s): containers[0].securityContext.privileged',
    ],
    [
      {securityContext: {runAsGroup: 2147483648}},
      'expected 0 <= 2147483648 <= 2147483647: containers[0].securityContext.runAsGroup',
    ],
    [
      {env: [{name: 'K_REVISION'}]},
      '"K_REVISION" is a reserved environment variable: containers[0].env[0].name',
    ],
    [
      {envFrom: [{}]},
      'expected exactly one, got neither: containers[0].envFrom.configMapRef, containers[0].envFrom.secretRef',
    ],
    [
      {envFrom: [{configMapRef: {name: 'a'}, secretRef: {name: 'b'}}]},
      'expected exactly one, got both: containers[0].envFrom.configMapRef, containers[0].envFrom.secretRef',
    ],
    [
      {volumeMounts: [{name: 'v', mountPropagation: 'None'}]},
      'missing field(s): containers[0].volumeMounts[0].mountPath\nmust not set the field(s): containers[0].volumeMounts[0].mountPropagation\nvolume mount should be readOnly for this type of volume: containers[0].volumeMounts[0].readOnly\nvolumeMount has no matching volume: containers[0].volumeMounts[0].name',
    ],
  ])('%j', (container, text) => {
    expect(ofContainer(container)).toBe(text)
  })

  test.each([
    ['busybox', true],
    ['ghcr.io/knative/helloworld-go:v1', true],
    ['localhost:5000/app', true],
    ['localhost:5000/a', false],
    [`ghcr.io/a/b@sha256:${'a'.repeat(64)}`, true],
    [`ghcr.io/a/b:v1@sha256:${'a'.repeat(64)}`, true],
    ['ghcr.io/a/b@sha256:abc', false],
    ['ghcr.io/A/b', false],
    ['a', false],
    ['foo:bar:baz', false],
    ['foo:', true],
    ['foo bar', false],
    [`foo:${'x'.repeat(129)}`, false],
  ])('image %s: %s', (image, fine) => {
    expect(problems({containers: [{image}]}) === '').toBe(fine)
  })

  test('that is empty is missing', () => {
    expect(problems({containers: [{}]})).toBe('missing field(s): containers[0]')
  })
})

describe('probes', () => {
  test.each([
    [{livenessProbe: {exec: {command: ['a']}}}, ''],
    [{livenessProbe: {grpc: {port: 5}}}, ''],
    [{livenessProbe: {httpGet: {path: '/', port: 'http'}}}, ''],
    [
      {livenessProbe: {tcpSocket: {port: 'imap'}}},
      'invalid value: imap: containers[0].livenessProbe.tcpSocket.port\nProbe port must match container port',
    ],
    [
      {livenessProbe: {tcpSocket: {}, terminationGracePeriodSeconds: 5}},
      'must not set the field(s): containers[0].livenessProbe.tcpSocket.terminationGracePeriodSeconds',
    ],
    [
      {
        readinessProbe: {
          tcpSocket: {},
          successThreshold: 1,
          periodSeconds: -1,
          initialDelaySeconds: -1,
        },
      },
      'expected 0 <= -1 <= 2147483647: containers[0].readinessProbe.initialDelaySeconds, containers[0].readinessProbe.periodSeconds\nexpected 1 <= 0 <= 2147483647: containers[0].readinessProbe.failureThreshold, containers[0].readinessProbe.timeoutSeconds',
    ],
  ])('%j', (container, text) => {
    expect(ofContainer(container)).toBe(text)
  })

  test('only the container that serves has them', () => {
    const sidecar = {name: 'side', image: 'busybox'}
    const serving = {name: 'main', image: 'busybox', ports: [{containerPort: 80}]}
    const probed = (probe: object): string =>
      problems({containers: [serving, {...sidecar, livenessProbe: probe}]})
    expect(probed({tcpSocket: {port: 1}})).toBe(
      'must not set the field(s): containers[1].livenessProbe',
    )
    expect(probed({timeoutSeconds: 1})).toBe(
      'must not set the field(s): containers[1].livenessProbe.timeoutSeconds',
    )
  })
})

describe('volumes', () => {
  function ofVolume(source: object, features: Record<string, string> = {}): string {
    const pod = {containers: [{image: 'busybox', ...MOUNTS}], volumes: [{name: 'v', ...source}]}
    return problems(pod, features)
  }

  test.each([
    [
      {},
      'expected exactly one, got neither: volumes[0].configMap, volumes[0].emptyDir, volumes[0].projected, volumes[0].secret',
    ],
    [
      {secret: {}, configMap: {}},
      'expected exactly one, got both: volumes[0].configMap, volumes[0].secret',
    ],
    [
      {secret: {items: [{}]}},
      'missing field(s): volumes[0].items[0].key, volumes[0].items[0].path',
    ],
    [
      {emptyDir: {medium: 'Disk', sizeLimit: '-1'}},
      'invalid value: -1: volumes[0].emptyDir.sizeLimit\ninvalid value: Disk: volumes[0].emptyDir.medium',
    ],
    [
      {projected: {sources: [{}]}},
      'expected exactly one, got neither: volumes[0].projected[0].configMap, volumes[0].projected[0].downwardAPI, volumes[0].projected[0].secret, volumes[0].projected[0].serviceAccountToken',
    ],
    [
      {projected: {sources: [{secret: {}}, {configMap: {items: [{key: 'a'}]}}]}},
      'missing field(s): volumes[0].projected[0].secret.name, volumes[0].projected[1].configMap.items[0].path, volumes[0].projected[1].configMap.name',
    ],
    [
      {projected: {sources: [{serviceAccountToken: {audience: 'a'}}]}},
      'missing field(s): volumes[0].projected[0].serviceAccountToken.path',
    ],
    [
      {projected: {sources: [{downwardAPI: {items: [{path: 'p'}]}}]}},
      'expected exactly one, got neither: volumes[0].projected[0].downwardAPI.items[0].fieldRef, volumes[0].projected[0].downwardAPI.items[0].resourceFieldRef',
    ],
  ])('%j', (source, text) => {
    expect(ofVolume(source)).toBe(text)
  })

  test('a bad name hides what else is wrong before it, as upstream has it', () => {
    expect(problems({containers: [{image: 'busybox'}], volumes: [{name: '@', emptyDir: {}}]})).toBe(
      'invalid value: @: volumes[0].name\nvolume with name "@" not mounted: volumes[0].name',
    )
  })

  test.each([
    [
      'disabled',
      'disabled',
      {},
      'Persistent volume claim support is disabled, but found persistent volume claim c: \nPersistent volume write support is disabled, but found persistent volume claim c that is not read-only: \nmust not set the field(s): volumes[0].persistentVolumeClaim',
    ],
    [
      'enabled',
      'disabled',
      {},
      'Persistent volume write support is disabled, but found persistent volume claim c that is not read-only: ',
    ],
    ['enabled', 'disabled', {readOnly: true}, ''],
    ['enabled', 'enabled', {}, ''],
  ])('claims %s, writing %s, %j', (claims, writing, claim, text) => {
    const features = {
      'kubernetes.podspec-persistent-volume-claim': claims,
      'kubernetes.podspec-persistent-volume-write': writing,
    }
    const source = {persistentVolumeClaim: {claimName: 'c', ...claim}}
    expect(ofVolume(source, features)).toBe(text)
  })
})

describe('fields that are features', () => {
  test.each([
    ['kubernetes.podspec-affinity', {affinity: {}}],
    ['kubernetes.podspec-topologyspreadconstraints', {topologySpreadConstraints: [{maxSkew: 1}]}],
    ['kubernetes.podspec-hostaliases', {hostAliases: [{ip: '1.1.1.1'}]}],
    ['kubernetes.podspec-nodeselector', {nodeSelector: {a: 'b'}}],
    ['kubernetes.podspec-runtimeclassname', {runtimeClassName: 'a'}],
    ['kubernetes.podspec-tolerations', {tolerations: [{key: 'a'}]}],
    ['kubernetes.podspec-shareprocessnamespace', {shareProcessNamespace: false}],
    ['kubernetes.podspec-priorityclassname', {priorityClassName: 'a'}],
    ['kubernetes.podspec-schedulername', {schedulerName: 'a'}],
    ['kubernetes.podspec-dnspolicy', {dnsPolicy: 'Default'}],
    ['kubernetes.podspec-dnsconfig', {dnsConfig: {}}],
    ['kubernetes.podspec-securitycontext', {securityContext: {}}],
  ])('%s', (feature, fields) => {
    const pod = {containers: [{image: 'busybox'}], ...fields}
    const field = Object.keys(fields)[0]
    expect(problems(pod)).toBe(`must not set the field(s): ${field}`)
    expect(problems(pod, {[feature]: 'allowed'})).toBe('')
    expect(problems(pod, {[feature]: 'enabled'})).toBe('')
  })

  test('the token of the service account may be turned off, not on', () => {
    const pod = {containers: [{image: 'busybox'}]}
    expect(problems({...pod, automountServiceAccountToken: false})).toBe('')
    expect(problems({...pod, automountServiceAccountToken: true})).toBe(
      'must not set the field(s): automountServiceAccountToken',
    )
  })

  test('references to fields of the pod', () => {
    const pod = {
      containers: [{image: 'busybox', env: [{name: 'A', valueFrom: {fieldRef: {fieldPath: 'x'}}}]}],
    }
    expect(problems(pod)).toBe('must not set the field(s): containers[0].env[0].valueFrom.fieldRef')
    expect(problems(pod, {'kubernetes.podspec-fieldref': 'enabled'})).toBe('')
  })

  test('capabilities', () => {
    const pod = (...add: string[]): object => ({
      containers: [{image: 'busybox', securityContext: {capabilities: {add}}}],
    })
    const refused = 'must not set the field(s): containers[0].securityContext.capabilities.add'
    expect(problems(pod('NET_BIND_SERVICE'))).toBe(refused)
    expect(problems(pod('NET_BIND_SERVICE'), {'secure-pod-defaults': 'enabled'})).toBe('')
    expect(problems(pod('SYS_ADMIN'), {'secure-pod-defaults': 'enabled'})).toBe(refused)
    expect(
      problems(pod('SYS_ADMIN'), {'kubernetes.containerspec-addcapabilities': 'enabled'}),
    ).toBe('')
  })

  test('what a pod may say of security while secure defaults are on', () => {
    const pod = (securityContext: object): object => ({
      containers: [{image: 'busybox'}],
      securityContext,
    })
    const secure = {'secure-pod-defaults': 'enabled'}
    expect(problems(pod({seccompProfile: {type: 'RuntimeDefault'}}), secure)).toBe('')
    expect(problems(pod({seccompProfile: {type: 'Localhost'}}), secure)).toBe(
      'must not set the field(s): securityContext.seccompProfile',
    )
    expect(problems(pod({runAsUser: 0}), secure)).toBe(
      'must not set the field(s): securityContext.runAsUser',
    )
    const own = {'kubernetes.podspec-securitycontext': 'enabled'}
    expect(problems(pod({supplementalGroups: [1, -1], sysctls: [{}]}), own)).toBe(
      'expected 0 <= -1 <= 2147483647: securityContext.supplementalGroups[1]\nmust not set the field(s): securityContext.sysctls',
    )
  })

  test('several containers', () => {
    const containers = [
      {name: 'a', image: 'busybox', ports: [{containerPort: 80}]},
      {name: 'b', image: 'busybox'},
    ]
    expect(problems({containers})).toBe('')
    expect(problems({containers}, {'multi-container': 'disabled'})).toBe(
      'multi-container is off, but found 2 containers: ',
    )
  })

  test('init containers', () => {
    const enabled = {'kubernetes.podspec-init-containers': 'enabled'}
    const pod = (init: object): object => ({
      containers: [{name: 'main', image: 'busybox'}],
      initContainers: [{name: 'first', image: 'busybox', ...init}],
    })
    expect(problems(pod({}), enabled)).toBe('')
    expect(problems(pod({env: [{name: 'PORT'}]}), enabled)).toBe('')
    expect(problems(pod({name: 'main'}), enabled)).toBe(
      'duplicate container name "main": containers[0].name',
    )
    expect(problems(pod({livenessProbe: {}}), enabled)).toBe(
      'field not allowed in an init container: containers[0].livenessProbe',
    )
  })
})

describe('warnings', () => {
  function warned(container: object, pod: object = {}): string[] {
    const object = {spec: {containers: [{image: 'busybox', ...container}], ...pod}}
    roundTrip(KIND_TYPES.Revision, object)
    return validatePodSpec(object.spec as RevisionSpec, admissionContext())
      .filter('warning')
      .merged()
      .flatMap(({paths}) => paths.map((path) => path.replace('containers[0].securityContext.', '')))
  }

  test('a container that says nothing is warned of all', () => {
    expect(warned({})).toEqual([
      'allowPrivilegeEscalation',
      'capabilities',
      'runAsNonRoot',
      'seccompProfile',
    ])
  })

  test('what the pod says counts for its containers', () => {
    const pod = {securityContext: {runAsNonRoot: true, seccompProfile: {type: 'RuntimeDefault'}}}
    expect(warned({}, pod)).toEqual(['allowPrivilegeEscalation', 'capabilities'])
  })

  test('half of a setting is half an answer', () => {
    expect(warned({securityContext: {capabilities: {}, seccompProfile: {}}})).toEqual([
      'allowPrivilegeEscalation',
      'capabilities.drop',
      'runAsNonRoot',
      'seccompProfile.type',
    ])
  })

  test('"all" in small letters is told apart', () => {
    expect(
      warned({
        securityContext: {
          allowPrivilegeEscalation: false,
          runAsNonRoot: true,
          seccompProfile: {type: 'RuntimeDefault'},
          capabilities: {drop: ['all']},
        },
      }),
    ).toEqual(['capabilities.drop'])
  })
})

import {describe, expect, test} from 'vitest'
import {type ConfigSnapshot, defaultConfigs} from '../../../../../src/api/config/config-store.ts'
import {parseDeploymentConfig} from '../../../../../src/api/config/deployment.ts'
import {parseFeaturesConfig} from '../../../../../src/api/config/features.ts'
import {parseNetworkConfig} from '../../../../../src/api/config/network.ts'
import {parseObservabilityConfig} from '../../../../../src/api/config/observability.ts'
import type {Container, PodSpec, Probe} from '../../../../../src/api/core/v1.ts'
import type {Revision} from '../../../../../src/api/serving/v1.ts'
import {makeDeployment} from '../../../../../src/knative/controller/revision/deployment.ts'
import {makePodSpec} from '../../../../../src/knative/controller/revision/pod-spec.ts'
import {aRevision} from '../../../../support/builders.ts'

function revisionWith(container: Container, spec: Partial<Revision['spec']> = {}): Revision {
  const revision = aRevision()
  const [first] = revision.spec.containers
  revision.spec = {...revision.spec, ...spec, containers: [{...first, ...container}]}
  return revision
}

function make(revision: Revision, config: Partial<ConfigSnapshot> = {}): PodSpec {
  return makePodSpec(revision, {...defaultConfigs(), ...config})
}

function variable({containers}: PodSpec, name: string): string | undefined {
  return containers.at(-1)?.env?.find((other) => other.name === name)?.value
}

describe('the probes of a pod', () => {
  test.each<[string, Probe, string]>([
    [
      'an HTTP probe',
      {httpGet: {path: '/up?a=1&b', port: 0}, periodSeconds: 5},
      '{"httpGet":{"path":"/up?a=1\\u0026b","port":8080,"host":"127.0.0.1","scheme":"HTTP","httpHeaders":[{"name":"K-Kubelet-Probe","value":"queue"}]},"timeoutSeconds":1,"periodSeconds":5}',
    ],
    [
      'an HTTPS probe on a port of its own',
      {httpGet: {port: 9000, scheme: 'HTTPS', httpHeaders: [{name: 'A', value: 'b'}]}},
      '{"httpGet":{"port":9000,"host":"127.0.0.1","scheme":"HTTPS","httpHeaders":[{"name":"A","value":"b"},{"name":"K-Kubelet-Probe","value":"queue"}]}}',
    ],
    [
      'a TCP probe',
      {tcpSocket: {port: 0}, successThreshold: 1},
      '{"tcpSocket":{"port":8080,"host":"127.0.0.1"},"successThreshold":1}',
    ],
    ['a gRPC probe', {grpc: {port: 0, service: ''}}, '{"grpc":{"port":8080,"service":""}}'],
    [
      'a command',
      {exec: {command: ['true']}, failureThreshold: 2},
      '{"tcpSocket":{"port":8080,"host":"127.0.0.1"},"failureThreshold":2}',
    ],
  ])('tell the queue-proxy of %s', (_name, readinessProbe, encoded) => {
    expect(variable(make(revisionWith({readinessProbe})), 'SERVING_READINESS_PROBE')).toBe(encoded)
  })

  test('go through the queue-proxy, but for a command', () => {
    const tcp = make(revisionWith({readinessProbe: {tcpSocket: {port: 0}, periodSeconds: 3}}))
    expect(tcp.containers[0]).not.toHaveProperty('readinessProbe')
    expect(tcp.containers[1]?.readinessProbe).toEqual({
      periodSeconds: 3,
      httpGet: {port: 8012, httpHeaders: [{name: 'K-Network-Probe', value: 'queue'}]},
    })
    const command: Probe = {exec: {command: ['true']}}
    const exec = make(revisionWith({readinessProbe: command}))
    expect(exec.containers[0]?.readinessProbe).toEqual(command)
    expect(exec.containers[1]?.readinessProbe?.httpGet?.port).toBe(8012)
  })

  test('aim liveness at the port of the program', () => {
    const ports = [{containerPort: 3000}]
    const http = make(revisionWith({ports, livenessProbe: {httpGet: {path: '/live', port: 1}}}))
    expect(http.containers[0]?.livenessProbe?.httpGet).toEqual({
      path: '/live',
      port: 3000,
      httpHeaders: [{name: 'K-Kubelet-Probe', value: 'queue'}],
    })
    const tcp = make(revisionWith({ports, livenessProbe: {tcpSocket: {port: 1}}}))
    expect(tcp.containers[0]?.livenessProbe?.tcpSocket?.port).toBe(3000)
  })
})

describe('the containers of a pod', () => {
  test('know their port and where they belong', () => {
    const {containers} = make(revisionWith({env: [{name: 'A', value: 'b'}]}))
    expect(containers[0]?.env).toEqual([
      {name: 'A', value: 'b'},
      {name: 'PORT', value: '8080'},
      {name: 'K_REVISION', value: 'hello-00001'},
      {name: 'K_CONFIGURATION', value: 'hello'},
      {name: 'K_SERVICE'},
    ])
  })

  test('serve HTTP/2 where the port is named so', () => {
    const spec = make(revisionWith({ports: [{name: 'h2c', containerPort: 9000}]}))
    expect(spec.containers[0]?.ports).toEqual([{name: 'user-port', containerPort: 9000}])
    expect(variable(spec, 'QUEUE_SERVING_PORT')).toBe('8013')
    expect(variable(spec, 'USER_PORT')).toBe('9000')
  })

  test('leave a sidecar its own ports and probes', () => {
    const revision = aRevision()
    const readinessProbe: Probe = {tcpSocket: {port: 9999}}
    revision.spec.containers = [
      {name: 'sidecar', image: 's', readinessProbe, stdin: true},
      {name: 'web', image: 'w', ports: [{containerPort: 80}]},
    ]
    const [sidecar, web, queue] = make(revision).containers
    expect(sidecar).toMatchObject({name: 'sidecar', readinessProbe})
    expect(sidecar).not.toHaveProperty('ports')
    expect(sidecar).not.toHaveProperty('stdin')
    expect(sidecar?.env?.map(({name}) => name)).not.toContain('PORT')
    expect(web?.ports).toEqual([{name: 'user-port', containerPort: 80}])
    expect(queue?.name).toBe('queue-proxy')
  })

  test('run the images that were looked up', () => {
    const revision = aRevision()
    revision.status = {containerStatuses: [{name: 'user-container', imageDigest: 'x@sha256:1'}]}
    expect(make(revision).containers[0]?.image).toBe('x@sha256:1')
  })
})

describe('a pod', () => {
  test('has as long to end as a request may take', () => {
    expect(make(revisionWith({}, {timeoutSeconds: 77})).terminationGracePeriodSeconds).toBe(77)
  })

  test('carries nothing of a revision that is no pod spec', () => {
    const spec = make(revisionWith({}, {responseStartTimeoutSeconds: 1, idleTimeoutSeconds: 2}))
    for (const field of ['containerConcurrency', 'timeoutSeconds', 'idleTimeoutSeconds']) {
      expect(spec).not.toHaveProperty(field)
    }
    expect(variable(spec, 'REVISION_RESPONSE_START_TIMEOUT_SECONDS')).toBe('1')
    expect(variable(spec, 'REVISION_IDLE_TIMEOUT_SECONDS')).toBe('2')
  })

  test('collects logs where that is switched on', () => {
    const observability = parseObservabilityConfig({'logging.enable-var-log-collection': 'true'})
    const {containers, volumes} = make(aRevision(), {observability})
    expect(volumes).toEqual([{name: 'knative-var-log', emptyDir: {}}])
    expect(containers[0]?.volumeMounts).toEqual([
      {
        name: 'knative-var-log',
        mountPath: '/var/log',
        subPathExpr: '$(K_INTERNAL_POD_NAMESPACE)_$(K_INTERNAL_POD_NAME)_user-container',
      },
    ])
    expect(containers[1]).not.toHaveProperty('volumeMounts')
  })

  test('gives the queue-proxy its tokens, its certificates and what it is', () => {
    const {containers, volumes} = make(aRevision(), {
      deployment: parseDeploymentConfig({
        'queue-sidecar-image': 'q',
        'queue-sidecar-token-audiences': 'b, a',
      }),
      features: parseFeaturesConfig({'queueproxy.mount-podinfo': 'enabled'}),
      network: parseNetworkConfig({'system-internal-tls': 'enabled'}),
    })
    expect(volumes?.map(({name}) => name)).toEqual([
      'pod-info',
      'knative-token-volume',
      'server-certs',
    ])
    expect(containers[1]?.volumeMounts?.map(({mountPath}) => mountPath)).toEqual([
      '/etc/podinfo',
      '/var/run/secrets/tokens',
      '/var/lib/knative/certs',
    ])
    const tokens = volumes?.[1]?.['projected'] as {sources: {serviceAccountToken: object}[]}
    expect(tokens.sources.map(({serviceAccountToken}) => serviceAccountToken)).toEqual([
      {expirationSeconds: 3600, path: 'a', audience: 'a'},
      {expirationSeconds: 3600, path: 'b', audience: 'b'},
    ])
  })

  test.each([
    ['Allowed', 'Enabled', true],
    ['Allowed', undefined, false],
    ['Disabled', 'Enabled', false],
  ])('with pod info %s and an annotation %s', (flag, wish, mounted) => {
    const annotations: Record<string, string> =
      wish === undefined ? {} : {'features.knative.dev/queueproxy-podinfo': wish}
    const features = parseFeaturesConfig({'queueproxy.mount-podinfo': flag})
    const {volumes} = make(aRevision('hello-00001', {annotations}), {features})
    expect(volumes !== undefined).toBe(mounted)
  })
})

describe('a Deployment', () => {
  const config = defaultConfigs()

  test('begins at the initial scale', () => {
    const annotations = {'autoscaling.knative.dev/initial-scale': '3'}
    const {spec} = makeDeployment(aRevision('hello-00001', {annotations}), config)
    expect(spec.replicas).toBe(3)
    expect(makeDeployment(aRevision(), config).spec.replicas).toBe(1)
  })

  test('has as long to make progress as the revision says', () => {
    const annotations = {'serving.knative.dev/progress-deadline': '1m30s'}
    const {spec} = makeDeployment(aRevision('hello-00001', {annotations}), config)
    expect(spec.progressDeadlineSeconds).toBe(90)
    expect(makeDeployment(aRevision(), config).spec.progressDeadlineSeconds).toBe(600)
  })

  test('does not change when traffic does', () => {
    const plain = makeDeployment(aRevision(), config)
    const routed = aRevision('hello-00001', {
      labels: {'serving.knative.dev/routingState': 'active', 'serving.knative.dev/route': 'r'},
      annotations: {
        'serving.knative.dev/routes': 'r',
        'serving.knative.dev/routingStateModified': '2024-04-22T00:00:00Z',
        'serving.knative.dev/no-gc': 'true',
      },
    })
    expect(makeDeployment(routed, config)).toEqual(plain)
  })

  test('keeps an `app` label of the author', () => {
    const {spec} = makeDeployment(aRevision('hello-00001', {labels: {app: 'mine'}}), config)
    expect(spec.template.metadata?.labels).toMatchObject({app: 'mine'})
  })
})

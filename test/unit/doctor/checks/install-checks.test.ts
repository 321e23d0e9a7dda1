import {describe, expect, test} from 'vitest'
import type {Deployment} from '../../../../src/api/apps/v1.ts'
import type {CustomResourceDefinition} from '../../../../src/api/extensions/v1.ts'
import {
  judgeCapacity,
  judgeKubernetes,
  judgeTerminating,
} from '../../../../src/doctor/checks/cluster-checks.ts'
import {
  judgeCertificate,
  judgeIstio,
  judgeKnative,
  judgePermissions,
  judgeRegion,
  judgeStoredVersions,
} from '../../../../src/doctor/checks/install-checks.ts'
import {parseVersion} from '../../../../src/install/versions.ts'

describe('judgeKubernetes', () => {
  test.each([
    ['v1.27.7-eks-4f4795d', '1.13.1', '1.20.3', 'ok'],
    ['v1.26.9', '1.13.1', '1.20.3', 'error'],
    ['v1.30.0', '1.13.1', '1.20.3', 'warning'],
    ['v1.36.0', '1.13.1', '1.20.3', 'warning'],
    ['v1.29.0', '1.99.0', '1.20.3', 'warning'],
    ['v1.29.0', undefined, undefined, 'skipped'],
    ['gibberish', '1.13.1', '1.20.3', 'warning'],
  ])('%s with Knative %s and Istio %s', (text, knative, istio, result) => {
    const verdict = judgeKubernetes({
      kubernetes: parseVersion(text),
      text,
      ...(knative !== undefined && {knative}),
      ...(istio !== undefined && {istio}),
    })
    expect(verdict.result).toBe(result)
  })
})

describe('judgePermissions', () => {
  test('names the first three and counts the others', () => {
    const lacking = ['a', 'b', 'c', 'd', 'e'].map((resource) => ({
      verb: 'create',
      group: '',
      resource,
    }))
    expect(judgePermissions(lacking)).toMatchObject({
      message:
        'An installation needs rights you do not have: create a, create b, create c and 2 more rights.',
      evidence: ['create a', 'create b', 'create c', 'create d', 'create e'],
      command: 'kubectl auth can-i create a',
      code: 'KN_FORBIDDEN',
    })
  })
})

describe('judgeKnative', () => {
  test.each([
    [undefined, '1.13.1', 'ok'],
    ['1.13.1', '1.13.1', 'ok'],
    ['1.12.0', '1.13.1', 'ok'],
    ['1.11.0', '1.13.1', 'error'],
    ['1.14.0', '1.13.1', 'error'],
    ['1.13.1', undefined, 'ok'],
  ])('%s to %s', (from, coming, result) => {
    const installed = {byOperator: false, knativeVersion: from}
    expect(judgeKnative({installed, coming}).result).toBe(result)
  })

  test('leaves what the operator manages to it', () => {
    const installed = {byOperator: true, knativeVersion: '1.13.1'}
    expect(judgeKnative({installed, coming: '1.13.1'})).toMatchObject({
      result: 'error',
      message: 'Knative 1.13.1 is managed by the Knative Operator, which would undo every change.',
    })
    const bare = {...installed, knativeVersion: undefined}
    expect(judgeKnative({installed: bare, coming: '1.13.1'}).result).toBe('ok')
    expect(judgeKnative({installed: undefined, coming: '1.13.1'}).result).toBe('ok')
  })
})

describe('judgeIstio', () => {
  const istiod = (annotations: Record<string, string> = {}): Deployment => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'istiod', namespace: 'istio-system', annotations},
    spec: {selector: {}, template: {spec: {containers: []}}},
  })

  test.each([
    ['none is there', [], '1.20.3', 'ok'],
    ['the same minor', [istiod()], '1.20.1', 'ok'],
    ['another minor', [istiod()], '1.22.0', 'warning'],
    ['one of helm', [istiod({'meta.helm.sh/release-name': 'istiod'})], '1.20.3', 'warning'],
  ])('%s', (_name, deployments, istio, result) => {
    const facts = {installed: {istio}, coming: {istio: '1.20.3'}, deployments}
    expect(judgeIstio(facts).result).toBe(result)
  })
})

describe('judgeStoredVersions', () => {
  const definition = (versions: string[], stored: string[]): CustomResourceDefinition =>
    ({
      metadata: {name: 'domainmappings.serving.knative.dev'},
      spec: {versions: versions.map((name) => ({name}))},
      status: {storedVersions: stored},
    }) as unknown as CustomResourceDefinition

  test('a version that goes while objects are stored in it', () => {
    const live = [definition(['v1alpha1', 'v1beta1'], ['v1alpha1', 'v1beta1'])]
    expect(judgeStoredVersions({live, coming: [definition(['v1beta1'], [])]})).toMatchObject({
      result: 'error',
      message:
        'Objects are stored in a version that the release no longer has: domainmappings.serving.knative.dev: v1alpha1.',
    })
    expect(judgeStoredVersions({live, coming: live}).result).toBe('ok')
  })
})

describe('judgeCapacity', () => {
  const node = (cpu: string, memory: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name: 'n'},
    status: {allocatable: {cpu, memory}},
  })
  const pod = (cpu: string, namespace = 'default') => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'p', namespace},
    spec: {nodeName: 'n', containers: [{resources: {requests: {cpu, memory: '1Gi'}}}]},
  })

  test.each([
    ['room for all', [node('8', '32Gi')], [pod('1')], 'ok'],
    ['too few CPUs', [node('4', '32Gi')], [pod('500m')], 'warning'],
    ['too little memory', [node('8', '8Gi')], [], 'warning'],
    ['what runs already has its place', [node('4', '8Gi')], [pod('3', 'istio-system')], 'ok'],
    ['no nodes', [], [], 'skipped'],
  ])('%s', (_name, nodes, pods, result) => {
    expect(judgeCapacity({nodes, pods}).result).toBe(result)
  })
})

describe('judgeCertificate', () => {
  const configMaps = (template?: string) =>
    new Map([
      [
        'config-network',
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {name: 'config-network'},
          data: template === undefined ? {} : {'domain-template': template},
        },
      ],
    ])

  test.each([
    [true, undefined, 'warning'],
    [true, '{{.Name}}-{{.Namespace}}.{{.Domain}}', 'ok'],
    [true, '{{.Name}}.{{.Namespace}}.{{.Domain}}', 'warning'],
    [false, undefined, 'skipped'],
  ])('with a certificate: %s, template %s', (hasCertificate, template, result) => {
    const verdict = judgeCertificate({hasCertificate, configMaps: configMaps(template)})
    expect(verdict.result).toBe(result)
  })
})

describe('judgeTerminating', () => {
  const gone = {deletionTimestamp: '2024-04-22T00:00:00Z'}
  const namespace = (name: string, metadata = {}, conditions: Record<string, unknown>[] = []) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name, ...metadata},
    status: {conditions},
  })

  test('a namespace says what is left in it', () => {
    const message = 'Some content in the namespace has finalizers remaining'
    const held = [{type: 'NamespaceFinalizersRemaining', status: 'True', message}]
    const namespaces = [namespace('default', gone), namespace('istio-system', gone, held)]
    expect(judgeTerminating({namespaces, gateway: undefined})).toMatchObject({
      result: 'error',
      message: 'The namespace istio-system is being deleted; nothing can be created in it.',
      evidence: [message],
    })
  })

  test('the Service of the gateway says who holds it', () => {
    const metadata = {
      name: 'istio-ingressgateway',
      finalizers: ['service.k8s.aws/resources'],
      ...gone,
    }
    const gateway = {apiVersion: 'v1', kind: 'Service', metadata, spec: {}}
    expect(judgeTerminating({namespaces: [], gateway})).toMatchObject({
      message:
        'The Service istio-system/istio-ingressgateway is being deleted, held by service.k8s.aws/resources.',
    })
  })

  test('what lives is fine', () => {
    expect(judgeTerminating({namespaces: [namespace('default')], gateway: undefined}).result).toBe(
      'ok',
    )
  })
})

describe('judgeRegion', () => {
  test.each([
    ['eu-central-1', 'eu-central-1', 'ok'],
    ['us-east-1', 'eu-central-1', 'error'],
    ['us-east-1', undefined, 'skipped'],
  ])('asked in %s, nodes in %s', (asked, nodes, result) => {
    expect(judgeRegion({asked, nodes}).result).toBe(result)
  })
})

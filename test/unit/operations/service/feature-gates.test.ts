import {describe, expect, test} from 'vitest'
import {parseFeaturesConfig} from '../../../../src/api/config/features.ts'
import {CONFIG_MAPS, type PodSpec} from '../../../../src/api/core/v1.ts'
import {failure} from '../../../../src/api/meta/status-error.ts'
import {Client} from '../../../../src/client/client.ts'
import {
  checkFeatures,
  missingFeatures,
  neededFeatures,
} from '../../../../src/operations/service/feature-gates.ts'
import {TinyApi} from '../../../support/tiny-api.ts'

const aSpec = (spec: Partial<PodSpec> = {}): PodSpec => ({containers: [{image: 'one'}], ...spec})
const features = (spec: Partial<PodSpec>): string[] =>
  neededFeatures(aSpec(spec)).map(({feature}) => feature)

describe('neededFeatures', () => {
  test.each<[string, Partial<PodSpec>, string[]]>([
    ['nothing special', {}, []],
    ['empty fields', {nodeSelector: {}, tolerations: [], dnsPolicy: ''}, []],
    ['a node selector', {nodeSelector: {disk: 'ssd'}}, ['podSpecNodeSelector']],
    ['an affinity', {affinity: {nodeAffinity: {}}}, ['podSpecAffinity']],
    ['a toleration', {tolerations: [{operator: 'Exists'}]}, ['podSpecTolerations']],
    ['init containers', {initContainers: [{image: 'a'}]}, ['podSpecInitContainers']],
    ['several containers', {containers: [{image: 'a'}, {image: 'b'}]}, ['multiContainer']],
    ['a scratch volume', {volumes: [{name: 'a', emptyDir: {}}]}, ['podSpecVolumesEmptyDir']],
    [
      'a claim that is written to',
      {volumes: [{name: 'a', persistentVolumeClaim: {claimName: 'a'}}]},
      ['podSpecPersistentVolumeClaim', 'podSpecPersistentVolumeWrite'],
    ],
    [
      'a claim that is only read',
      {volumes: [{name: 'a', persistentVolumeClaim: {claimName: 'a', readOnly: true}}]},
      ['podSpecPersistentVolumeClaim'],
    ],
    [
      'a variable from a field of the pod',
      {containers: [{env: [{name: 'IP', valueFrom: {fieldRef: {fieldPath: 'status.podIP'}}}]}]},
      ['podSpecFieldRef'],
    ],
    [
      'a capability more',
      {containers: [{securityContext: {capabilities: {add: ['NET_ADMIN']}}}]},
      ['containerSpecAddCapabilities'],
    ],
    [
      'capabilities that are dropped',
      {containers: [{securityContext: {capabilities: {drop: ['ALL']}}}]},
      [],
    ],
  ])('%s', (_, spec, expected) => {
    expect(features(spec)).toEqual(expected)
  })

  test('leaves it to the server to refuse what is no list', () => {
    const spec = {containers: 'none', volumes: 3} as unknown as PodSpec
    expect(neededFeatures(spec)).toEqual([])
  })
})

describe('missingFeatures', () => {
  const missing = (spec: Partial<PodSpec>, data: Record<string, string>): string[] =>
    missingFeatures(neededFeatures(aSpec(spec)), parseFeaturesConfig(data)).map(({field}) => field)
  const selector = {nodeSelector: {disk: 'ssd'}}
  const init = {initContainers: [{image: 'a'}]}
  const INIT = 'kubernetes.podspec-init-containers'

  test.each<[string, Partial<PodSpec>, Record<string, string>, string[]]>([
    ['disabled unless it is set', selector, {}, ['nodeSelector']],
    ['enabled', selector, {'kubernetes.podspec-nodeselector': 'enabled'}, []],
    [
      'allowed, which lets a field in',
      selector,
      {'kubernetes.podspec-nodeselector': 'allowed'},
      [],
    ],
    ['allowed, which starts no init containers', init, {[INIT]: 'allowed'}, ['initContainers']],
    ['enabled unless it is set', {volumes: [{name: 'a', emptyDir: {}}]}, {}, []],
    [
      'let in by secure defaults',
      {securityContext: {seccompProfile: {type: 'RuntimeDefault'}}},
      {'secure-pod-defaults': 'enabled'},
      [],
    ],
  ])('%s', (_, spec, data, expected) => {
    expect(missing(spec, data)).toEqual(expected)
  })
})

describe('checkFeatures', () => {
  const refused = aSpec({nodeSelector: {disk: 'ssd'}, tolerations: [{operator: 'Exists'}]})

  test('names the command that enables what is missing', async () => {
    const client = new Client(new TinyApi())
    const metadata = {namespace: 'knative-serving', name: 'config-features'}
    await client.create(CONFIG_MAPS, {apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {}})
    await expect(checkFeatures(client, refused)).rejects.toMatchObject({
      code: 'KN_USAGE',
      message: expect.stringMatching(
        /nodeSelector, tolerations: kubernetes.podspec-nodeselector, /,
      ),
      hints: [
        'Enable it: kubectl patch configmap config-features -n knative-serving --type merge ' +
          `-p '{"data":{"kubernetes.podspec-nodeselector":"enabled","kubernetes.podspec-tolerations":"enabled"}}'`,
      ],
    })
  })

  test('leaves it to the server where config-features may not be read', async () => {
    const forbidding = {send: () => Promise.reject(failure(403, 'Forbidden', 'not for you'))}
    await expect(checkFeatures(new Client(forbidding), refused)).resolves.toBeUndefined()
  })

  test('asks for nothing when nothing is needed', async () => {
    const failing = {send: () => Promise.reject(new Error('asked'))}
    await expect(checkFeatures(new Client(failing), aSpec())).resolves.toBeUndefined()
  })
})

import {describe, expect, test} from 'vitest'
import {defaultPod} from '../../../../../../src/kubernetes/kinds/core/pod-spec/defaults.ts'
import {validatePod} from '../../../../../../src/kubernetes/kinds/core/pod/validation.ts'
import {problemsOf} from '../../problems.ts'

function problems(volume: object, mount: object = {}): string[] {
  const spec = {
    volumes: [{name: 'v', ...volume}],
    containers: [{name: 'c', image: 'i', volumeMounts: [{name: 'v', mountPath: '/m', ...mount}]}],
  }
  const pod = {metadata: {name: 'p'}, spec}
  defaultPod(pod)
  return problemsOf(validatePod(pod))
}

const invalid = (field: string, path: string, ...details: string[]): string[] =>
  details.map((detail) => `${field}: Invalid value: "${path}": ${detail}`)

/** What is wrong with the path of a file in a volume. */
const FILE_PATHS: readonly [string, readonly string[]][] = [
  ['a', []],
  ['a/b', []],
  ['a..b', []],
  ['a/..b', []],
  ['../a', ["must not contain '..'"]],
  ['a/../b', ["must not contain '..'"]],
  ['a/..', ["must not contain '..'"]],
  ['../../..', ["must not contain '..'"]],
  ['..', ["must not contain '..'", "must not start with '..'"]],
  ['..data', ["must not start with '..'"]],
  ['/a', ['must be a relative path']],
  ['/../a', ['must be a relative path', "must not contain '..'"]],
]

describe.each(FILE_PATHS)('the path %j of a file', (path, details) => {
  const secret = {name: 's', items: [{key: 'k', path}]}
  const downward = {items: [{path, fieldRef: {fieldPath: 'metadata.name'}}]}

  test.each([
    ['a Secret', {secret: {secretName: 's', items: secret.items}}, 'secret.items[0].path'],
    ['a ConfigMap', {configMap: secret}, 'configMap.items[0].path'],
    ['the pod', {downwardAPI: downward}, 'downwardAPI.path'],
    [
      'a projected Secret',
      {projected: {sources: [{secret}]}},
      'projected.sources[0].secret.items[0].path',
    ],
    [
      'a projected ConfigMap',
      {projected: {sources: [{configMap: secret}]}},
      'projected.sources[0].configMap.items[0].path',
    ],
    [
      'the pod, projected',
      {projected: {sources: [{downwardAPI: downward}]}},
      'projected.sources[0].downwardAPI.path',
    ],
    [
      'a token',
      {projected: {sources: [{serviceAccountToken: {path}}]}},
      'projected.sources[0].serviceAccountToken.path',
    ],
  ])('from %s is judged as upstream judges it', (_what, volume, field) => {
    expect(problems(volume)).toEqual(invalid(`spec.volumes[0].${field}`, path, ...details))
  })

  test('is judged as a subPath, which knows no reserved names', () => {
    const climbing = details.filter((detail) => !detail.includes('start'))
    const at = 'spec.containers[0].volumeMounts'
    expect(problems({emptyDir: {}}, {subPath: path})).toEqual(
      invalid(`${at}.subPath`, path, ...climbing),
    )
    expect(problems({emptyDir: {}}, {subPathExpr: path})).toEqual(
      invalid(`${at}.subPathExpr`, path, ...climbing),
    )
  })
})

test('a subPath and an expression for it exclude each other', () => {
  expect(problems({emptyDir: {}}, {subPath: 'a', subPathExpr: 'b'})).toEqual([
    'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive',
  ])
})

test('a path of the host does not climb', () => {
  expect(problems({hostPath: {path: '/a/../b'}})).toEqual(
    invalid('spec.volumes[0].hostPath.path', '/a/../b', "must not contain '..'"),
  )
})

test('files need a key and a path, and a mode that a file can have', () => {
  const items = [{mode: 0o1000}]
  expect(problems({configMap: {name: 'c', items}})).toEqual([
    'spec.volumes[0].configMap.items[0].key: Required value',
    'spec.volumes[0].configMap.items[0].path: Required value',
    'spec.volumes[0].configMap.items[0].mode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
  ])
  expect(problems({downwardAPI: {items: [{path: 'a'}]}})).toEqual([
    'spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required',
  ])
})

test('two sources of a projected volume do not make the same file', () => {
  const one = {secret: {name: 's', items: [{key: 'k', path: 'a'}]}}
  const other = {configMap: {name: 'c', items: [{key: 'k', path: 'a'}]}}
  expect(problems({projected: {sources: [one, other]}})).toEqual([
    'spec.volumes[0].projected: Invalid value: "c": conflicting duplicate paths',
  ])
})

test('a token lasts ten minutes at least', () => {
  const serviceAccountToken = {path: 't', expirationSeconds: 60}
  expect(problems({projected: {sources: [{serviceAccountToken}]}})).toEqual([
    'spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
  ])
})

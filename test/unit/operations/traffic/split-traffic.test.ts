import {describe, expect, test} from 'vitest'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import type {Revision, Service} from '../../../../src/api/serving/v1.ts'
import {resolveReference} from '../../../../src/operations/traffic/references.ts'
import {makeSplit, parseShare} from '../../../../src/operations/traffic/split-traffic.ts'

function revision(generation: number, ready: boolean): Revision {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      name: `web-0000${generation}`,
      labels: {'serving.knative.dev/configurationGeneration': String(generation)},
    },
    spec: {containers: []},
    status: {conditions: [{type: 'Ready', status: ready ? 'True' : 'False'}]},
  }
}

// The fifth is not ready, the third has failed.
const REVISIONS = [
  revision(5, false),
  revision(4, true),
  revision(3, false),
  revision(2, true),
  revision(1, true),
]

const SERVICE: Service = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: {name: 'web'},
  spec: {
    template: {spec: {containers: []}},
    traffic: [{tag: 'stable', revisionName: 'web-00001', latestRevision: false, percent: 100}],
  },
  status: {
    latestReadyRevisionName: 'web-00004',
    traffic: [{tag: 'stable', revisionName: 'web-00001', latestRevision: false, percent: 100}],
  },
}

describe('resolveReference', () => {
  test.each([
    ['@prev', 'web-00002'],
    ['@latest~1', 'web-00002'],
    ['@latest~2', 'web-00001'],
    ['@latest~0', 'web-00004'],
    ['gen:3', 'web-00003'],
    ['stable', 'web-00001'],
    ['web-00005', 'web-00005'],
  ])('finds %s', (reference, name) => {
    expect(resolveReference(reference, SERVICE, REVISIONS)).toEqual({kind: 'revision', name})
  })

  test('lets @latest follow', () => {
    expect(resolveReference('@latest', SERVICE, REVISIONS)).toEqual({kind: 'latest'})
  })

  test.each(['nosuch', 'gen:9', '@latest~3', '@next'])('knows no %s', (reference) => {
    expect(() => resolveReference(reference, SERVICE, REVISIONS)).toThrow(
      `Service 'web' has no revision "${reference}".`,
    )
  })
})

describe('makeSplit', () => {
  test('keeps tags, also of targets without a share', () => {
    const shares = [
      {reference: '@prev', percent: 50},
      {reference: '@latest', percent: 50},
    ]
    expect(makeSplit(SERVICE, REVISIONS, shares)).toEqual([
      {tag: 'stable', revisionName: 'web-00001', latestRevision: false, percent: 0},
      {revisionName: 'web-00002', latestRevision: false, percent: 50},
      {latestRevision: true, percent: 50},
    ])
  })

  test('gives a share to the target that has the tag already', () => {
    const shares = [
      {reference: 'web-00001', percent: 10},
      {reference: '@latest', percent: 90},
    ]
    expect(makeSplit(SERVICE, REVISIONS, shares)).toEqual([
      {tag: 'stable', revisionName: 'web-00001', latestRevision: false, percent: 10},
      {latestRevision: true, percent: 90},
    ])
  })

  test('refuses two references to one revision', () => {
    const shares = [
      {reference: 'stable', percent: 50},
      {reference: 'gen:1', percent: 50},
    ]
    expect(() => makeSplit(SERVICE, REVISIONS, shares)).toThrow(KntoolError)
  })
})

describe('parseShare', () => {
  test.each([
    ['@latest=50', {reference: '@latest', percent: 50}],
    ['web-00001=0', {reference: 'web-00001', percent: 0}],
    ['gen:3=100%', {reference: 'gen:3', percent: 100}],
  ])('reads %s', (text, share) => {
    expect(parseShare(text)).toEqual(share)
  })

  test.each(['50', '=50', 'a=', 'a=x', 'a=-1', 'a=101', 'a=1.5', ''])('refuses %j', (text) => {
    expect(() => parseShare(text)).toThrow('is not a share of traffic')
  })
})

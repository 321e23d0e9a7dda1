import {describe, expect, test} from 'vitest'
import type {Revision, Service, TrafficTarget} from '../../../../src/api/serving/v1.ts'
import {computeTraffic, needsRevisions} from '../../../../src/operations/traffic/compute-traffic.ts'

const LATEST = {latestRevision: true, percent: 100}

function service(traffic: TrafficTarget[], status = traffic): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'shop'},
    spec: {template: {spec: {containers: []}}, traffic},
    status: {traffic: status, latestReadyRevisionName: 'shop-00003'},
  }
}

const revisions = ['shop-00003', 'shop-00002', 'shop-00001'].map((name): Revision => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Revision',
  metadata: {name},
  spec: {containers: []},
}))

const edits = (given: {traffic?: string[]; tags?: string[]; untags?: string[]}) => ({
  traffic: [],
  tags: [],
  untags: [],
  ...given,
})

describe('computeTraffic', () => {
  test('makes the percents the whole split', () => {
    const targets = computeTraffic(
      service([LATEST]),
      edits({traffic: ['shop-00001=50', 'shop-00002=50%']}),
    )
    expect(targets).toEqual([
      {revisionName: 'shop-00001', latestRevision: false, percent: 50},
      {revisionName: 'shop-00002', latestRevision: false, percent: 50},
    ])
  })

  test('keeps tagged targets without percents', () => {
    const tagged = {...LATEST, tag: 'cur'}
    const targets = computeTraffic(service([tagged]), edits({traffic: ['shop-00001=100']}))
    expect(targets).toEqual([
      {tag: 'cur', latestRevision: true, percent: 0},
      {revisionName: 'shop-00001', latestRevision: false, percent: 100},
    ])
  })

  test('takes a bare value for the latest revision', () => {
    expect(computeTraffic(service([LATEST]), edits({tags: ['blue']}))).toEqual([
      {tag: 'blue', latestRevision: true, percent: 100},
    ])
  })

  test('untags before it tags', () => {
    const targets = computeTraffic(
      service([{...LATEST, tag: 'cur'}]),
      edits({untags: ['cur'], tags: ['shop-00001=cur']}),
    )
    expect(targets).toEqual([
      {latestRevision: true, percent: 100},
      {tag: 'cur', revisionName: 'shop-00001', latestRevision: false, percent: 0},
    ])
  })

  test('gives a revision with a second tag a second target', () => {
    const targets = computeTraffic(
      service([LATEST]),
      edits({tags: ['shop-00001=a', 'shop-00001=b']}),
    )
    expect(targets.filter(({revisionName}) => revisionName === 'shop-00001')).toHaveLength(2)
  })

  test('prefers a tag to a revision of the same name', () => {
    const both = service([
      {tag: 'shop-00002', revisionName: 'shop-00001', latestRevision: false, percent: 0},
      LATEST,
    ])
    const targets = computeTraffic(both, edits({traffic: ['shop-00002=100']}))
    expect(targets).toEqual([
      {tag: 'shop-00002', revisionName: 'shop-00001', latestRevision: false, percent: 100},
    ])
  })

  test('gives the rest to the one target that is not mentioned', () => {
    const present = [
      {revisionName: 'shop-00001', latestRevision: false, percent: 30},
      {revisionName: 'shop-00002', latestRevision: false, percent: 70},
    ]
    const targets = computeTraffic(service(present), edits({traffic: ['shop-00001=60']}), {
      revisions,
      makesRevision: false,
    })
    expect(targets.map(({percent}) => percent)).toEqual([60, 40])
  })

  test('counts a tag as a mention of its revision', () => {
    const present = [
      {tag: 'v1', revisionName: 'shop-00001', latestRevision: false, percent: 30},
      {revisionName: 'shop-00002', latestRevision: false, percent: 70},
    ]
    const targets = computeTraffic(service(present), edits({traffic: ['v1=60']}), {
      revisions,
      makesRevision: false,
    })
    expect(targets.map(({percent}) => percent)).toEqual([60, 40])
  })

  test('gives the rest to the revision that the same update makes', () => {
    const present = [{revisionName: 'shop-00001', latestRevision: false, percent: 100}]
    const targets = computeTraffic(service(present), edits({traffic: ['shop-00001=90']}), {
      revisions,
      makesRevision: true,
    })
    expect(targets).toContainEqual({latestRevision: true, percent: 10})
  })

  test.each([
    [{traffic: ['a=60', 'b=60']}, 'given traffic percents sum to 120, want <=100'],
    [{traffic: ['a=-5']}, 'invalid value for traffic percent -5, expected 0 <= percent <= 100'],
    [{traffic: ['a=x']}, 'error converting given x to integer value for traffic distribution'],
    [{traffic: ['=50']}, 'expecting the value format in value1=value2, given =50'],
    [{traffic: ['a=1=2']}, 'expecting the value format in value1=value2, given a=1=2'],
    [
      {traffic: ['@latest=50', '@latest=50']},
      'repetition of identifier @latest is not allowed, use only once with --traffic flag',
    ],
    [
      {traffic: ['a=50', 'a=50']},
      'repetition of revision reference a is not allowed, use only once with --traffic flag',
    ],
    [
      {tags: ['@latest=a', '@latest=b']},
      'repetition of identifier @latest is not allowed, use only once with --tag flag',
    ],
    [
      {tags: ['shop-00001=cur']},
      "refusing to overwrite existing tag in service, add flag '--untag cur' in command to untag it",
    ],
    [
      {tags: ['@latest=other']},
      "tag 'cur' exists on latest ready revision of service, refusing to overwrite existing tag " +
        "with 'other', add flag '--untag cur' in command to untag it",
    ],
    [{untags: ['x', 'y']}, 'tag(s) x, y not present for any revisions of service shop'],
    [
      {traffic: ['a=10', 'b=10', 'c=10']},
      'unable to allocate the remaining traffic: 70%. Reason: incorrect number of revisions ' +
        'specified. Only 1 revision should be missing',
    ],
  ])('refuses %j', (given, message) => {
    const tagged = service([{...LATEST, tag: 'cur'}])
    expect(() => computeTraffic(tagged, edits(given))).toThrow(message)
  })
})

test('the revisions are needed only when something is missing to 100', () => {
  expect(needsRevisions(edits({traffic: ['a=100']}))).toBe(false)
  expect(needsRevisions(edits({traffic: ['a=50']}))).toBe(true)
  expect(needsRevisions(edits({tags: ['a']}))).toBe(false)
})

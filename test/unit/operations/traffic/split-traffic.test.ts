import {describe, expect, test} from 'vitest'
import type {Revision, Service, TrafficTarget} from '../../../../src/api/serving/v1.ts'
import {checkReady} from '../../../../src/operations/traffic/check-ready.ts'
import {
  checkReferences,
  nameReferences,
  resolveReference,
} from '../../../../src/operations/traffic/references.ts'
import {
  parseShare,
  parseShares,
  type TrafficShare,
} from '../../../../src/operations/traffic/share.ts'
import {
  completeShares,
  makeSplit,
  resolveShares,
} from '../../../../src/operations/traffic/split-traffic.ts'

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

describe('the references of an update', () => {
  const check = (...traffic: string[]) =>
    checkReferences({traffic, tags: [], untags: []}, SERVICE, REVISIONS, ['late'])

  test.each([
    ['latest=90', '@latest'],
    ['latest=100', '@latest'],
    ['LATEST=50', '@latest'],
    ['lastest=50', '@latest'],
    ['@lastest=10', '@latest'],
    ['@latests=100', '@latest'],
    ['latest~1=10', '@latest~1'],
    ['prev=10', '@prev'],
    ['previous=10', '@prev'],
    ['Gen:3=10', 'gen:3'],
  ])('that are slips of a role are refused with the role: %s', (given, role) => {
    expect(() => check(given)).toThrow(
      expect.objectContaining({
        code: 'KN_NOT_FOUND',
        hints: expect.arrayContaining([`Did you mean ${role}?`]),
      }),
    )
  })

  test('that can never be a name are refused', () => {
    expect(() => check('Web_1=10')).toThrow(`Service 'web' has no revision "Web_1".`)
  })

  test('may name what is there, what the same update tags, and what is still to come', () => {
    expect(() => check('web-00001=10', 'stable=20', 'late=30', 'web-00009=40', '50')).not.toThrow()
  })
})

function split(service: Service, shares: readonly TrafficShare[]): TrafficTarget[] {
  return makeSplit(service, completeShares(service, resolveShares(service, REVISIONS, shares)))
}

describe('a split', () => {
  test('keeps tags, also of targets without a share', () => {
    const shares = [
      {reference: '@prev', percent: 50},
      {reference: '@latest', percent: 50},
    ]
    expect(split(SERVICE, shares)).toEqual([
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
    expect(split(SERVICE, shares)).toEqual([
      {tag: 'stable', revisionName: 'web-00001', latestRevision: false, percent: 10},
      {latestRevision: true, percent: 90},
    ])
  })

  test('gives the share to the tag that was named where a revision has several', () => {
    const traffic = [
      {tag: 'one', revisionName: 'web-00001', latestRevision: false, percent: 100},
      {tag: 'two', revisionName: 'web-00001', latestRevision: false, percent: 0},
    ]
    const service = {
      ...SERVICE,
      spec: {...SERVICE.spec, traffic},
      status: {...SERVICE.status, traffic},
    }
    expect(split(service, [{reference: 'two', percent: 100}])).toEqual([
      {...traffic[0], percent: 0},
      {...traffic[1], percent: 100},
    ])
  })

  test('refuses two references to one revision', () => {
    const shares = [
      {reference: 'stable', percent: 50},
      {reference: 'gen:1', percent: 50},
    ]
    expect(() => split(SERVICE, shares)).toThrow('"stable" and "gen:1" are both web-00001.')
  })
})

describe('the rest of a split', () => {
  const serving = (...traffic: TrafficTarget[]): Service => ({
    ...SERVICE,
    spec: {...SERVICE.spec, traffic},
    status: {latestReadyRevisionName: 'web-00004', traffic},
  })
  const at = (generation: number, percent: number, tag?: string): TrafficTarget => ({
    revisionName: `web-0000${generation}`,
    latestRevision: false,
    percent,
    ...(tag !== undefined && {tag}),
  })
  const latest = {revisionName: 'web-00004', latestRevision: true, percent: 100}

  test.each<[string, Service, TrafficShare[], [string, number]]>([
    [
      'goes to the share without a percent',
      serving(at(1, 50), at(2, 50)),
      [{reference: '@latest', percent: 10}, {reference: '@prev'}],
      ['@prev', 90],
    ],
    [
      'goes to the only target with traffic that is not mentioned',
      serving(at(1, 100), at(2, 0, 'old')),
      [{reference: '@latest', percent: 10}],
      ['web-00001', 90],
    ],
    [
      'goes to a target with a tag when all that have traffic are mentioned, as kn does',
      serving(at(1, 50), at(4, 50), at(2, 0, 'old')),
      [
        {reference: 'gen:1', percent: 30},
        {reference: 'gen:4', percent: 20},
      ],
      ['web-00002', 50],
    ],
    [
      'stays with @latest where that has the traffic',
      serving(latest),
      [{reference: '@prev', percent: 20}],
      ['@latest', 80],
    ],
  ])('%s', (_, service, shares, [reference, percent]) => {
    const complete = completeShares(service, resolveShares(service, REVISIONS, shares))
    expect(complete.map((share) => [share.reference, share.percent])).toContainEqual([
      reference,
      percent,
    ])
  })

  test.each<[string, Service, TrafficShare[], string]>([
    [
      'nobody is left',
      serving(at(1, 50), at(2, 50)),
      [
        {reference: 'gen:1', percent: 40},
        {reference: 'gen:2', percent: 50},
      ],
      'The shares must add up to 100: gen:1 40 + gen:2 50 = 90, which is 10 too few.',
    ],
    [
      'several are left',
      serving(at(1, 50), at(2, 50)),
      [{reference: '@latest', percent: 10}],
      'The shares must add up to 100: @latest 10 = 10, which is 90 too few, ' +
        'and each of web-00001, web-00002 could get the rest.',
    ],
    [
      '@latest has the traffic and is mentioned',
      serving(latest),
      [{reference: '@latest', percent: 60}],
      'The shares must add up to 100: @latest 60 = 60, which is 40 too few.',
    ],
  ])('is refused with the arithmetic when %s', (_, service, shares, message) => {
    expect(() => completeShares(service, resolveShares(service, REVISIONS, shares))).toThrow(
      message,
    )
  })
})

describe('nameReferences', () => {
  const edits = {
    traffic: ['@prev=20', '@latest=70', 'gen:1=10', 'nosuch=0', '5'],
    tags: ['@latest~2=old', 'candidate'],
    untags: ['gone'],
  }

  test('names what only this program knows, and leaves the rest to kn’s rules', () => {
    expect(nameReferences(edits, SERVICE, REVISIONS)).toEqual({
      traffic: ['web-00002=20', '@latest=70', 'web-00001=10', 'nosuch=0', '5'],
      tags: ['web-00001=old', 'candidate'],
      untags: ['gone'],
    })
  })

  test('takes the present latest for the previous one where a revision is made', () => {
    const {traffic} = nameReferences(edits, SERVICE, REVISIONS, {makesRevision: true})
    expect(traffic[0]).toBe('web-00004=20')
  })
})

describe('checkReady', () => {
  test.each([3, 5])('refuses generation %i, which is not ready', (generation) => {
    const target = {kind: 'revision', name: `web-0000${generation}`} as const
    expect(() => checkReady(target, SERVICE, REVISIONS)).toThrow(
      `Revision 'web-0000${generation}' is not ready`,
    )
  })

  test('takes @latest for the latest that is ready, unless the newest is meant', () => {
    const service = {
      ...SERVICE,
      status: {...SERVICE.status, latestCreatedRevisionName: 'web-00005'},
    }
    const target = {kind: 'latest'} as const
    expect(() => checkReady(target, service, REVISIONS)).not.toThrow()
    expect(() => checkReady(target, service, REVISIONS, {newest: true})).toThrow(
      "Revision 'web-00005' is not ready",
    )
  })
})

describe('parseShares', () => {
  test.each([
    ['@latest=50', {reference: '@latest', percent: 50}],
    ['web-00001=0', {reference: 'web-00001', percent: 0}],
    ['gen:3=100%', {reference: 'gen:3', percent: 100}],
    ['50', {reference: '@latest', percent: 50}],
    ['@prev', {reference: '@prev'}],
  ])('reads %s', (text, share) => {
    expect(parseShare(text)).toEqual(share)
  })

  test.each(['=50', 'a=', 'a=x', 'a=-1', 'a=101', 'a=1.5', '', '101'])('refuses %j', (text) => {
    expect(() => parseShare(text)).toThrow('is not a share of traffic')
  })

  test('refuses a sum above 100 with the arithmetic', () => {
    expect(() => parseShares(['@latest=60', '@prev=50'])).toThrow(
      'The shares must add up to 100: @latest 60 + @prev 50 = 110, which is 10 too many.',
    )
  })

  test('refuses two that are to get the rest', () => {
    expect(() => parseShares(['@latest', '@prev'])).toThrow(
      'Only one revision can get the rest, not @latest and @prev.',
    )
  })
})

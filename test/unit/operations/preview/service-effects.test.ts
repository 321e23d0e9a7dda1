import {describe, expect, test} from 'vitest'
import type {Service, TrafficTarget} from '../../../../src/api/serving/v1.ts'
import {serviceEffects} from '../../../../src/operations/preview/service-effects.ts'

/** A Service whose two revisions share the traffic as given. */
function aService(facts: {
  image?: string
  revisionName?: string
  traffic?: TrafficTarget[]
  has?: TrafficTarget[]
  latest?: string
}): Service {
  const {image = 'one', revisionName, traffic, has, latest = 'web-00002'} = facts
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'web', namespace: 'default'},
    spec: {
      template: {
        ...(revisionName !== undefined && {metadata: {name: revisionName}}),
        spec: {containers: [{image}]},
      },
      ...(traffic && {traffic}),
    },
    status: {
      latestCreatedRevisionName: latest,
      latestReadyRevisionName: latest,
      traffic: has ?? [{revisionName: latest, latestRevision: true, percent: 100}],
    },
  } as Service
}

const LATEST = {latestRevision: true, percent: 100}

describe('serviceEffects', () => {
  test.each<[string, Service | undefined, Service, string | undefined]>([
    ['nothing for a template as before', aService({}), aService({}), undefined],
    ['the first for a new Service', undefined, aService({}), 'web-00001'],
    ['the next for another image', aService({}), aService({image: 'two'}), 'web-00003'],
    [
      'the name that the template gives',
      aService({}),
      aService({image: 'two', revisionName: 'web-blue'}),
      'web-blue',
    ],
    [
      'that only the server can tell, after a name of its own',
      aService({latest: 'web-blue', revisionName: 'web-blue'}),
      aService({image: 'two'}),
      '',
    ],
  ])('foretells a revision: %s', (_, before, after, expected) => {
    expect(serviceEffects(before, after).newRevision).toBe(expected)
  })

  test('moves traffic that follows the latest revision to the new one', () => {
    const effects = serviceEffects(aService({}), aService({image: 'two', traffic: [LATEST]}))
    expect(effects.moves).toEqual([
      {revision: 'web-00003', from: 0, to: 100},
      {revision: 'web-00002', from: 100, to: 0},
    ])
  })

  test('leaves traffic alone that names its revisions', () => {
    const traffic = [{revisionName: 'web-00001', percent: 100}]
    const effects = serviceEffects(aService({has: traffic}), aService({image: 'two', traffic}))
    expect(effects.moves).toEqual([])
  })

  test('takes no traffic at all for all of it to the latest', () => {
    expect(serviceEffects(undefined, aService({})).moves).toEqual([
      {revision: 'web-00001', from: 0, to: 100},
    ])
  })

  test('adds up the targets of one revision', () => {
    const before = aService({
      has: [
        {revisionName: 'web-00001', percent: 30},
        {revisionName: 'web-00001', percent: 20, tag: 'old'},
        {revisionName: 'web-00002', percent: 50},
      ],
    })
    const after = aService({
      traffic: [
        {revisionName: 'web-00001', percent: 40},
        {latestRevision: true, percent: 60, tag: 'new'},
      ],
    })
    expect(serviceEffects(before, after)).toEqual({
      newRevision: undefined,
      moves: [
        {revision: 'web-00002', from: 50, to: 60},
        {revision: 'web-00001', from: 50, to: 40},
      ],
      tagsAdded: [{tag: 'new', revision: 'web-00002'}],
      tagsRemoved: ['old'],
    })
  })
})

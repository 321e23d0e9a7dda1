import {describe, expect, test} from 'vitest'
import type {Revision, Service, TrafficTarget} from '../../../../src/api/serving/v1.ts'
import {previousRouted} from '../../../../src/operations/traffic/rollback.ts'

interface Row {
  readonly percent?: number
  readonly ready?: boolean
  readonly state?: 'active' | 'reserve' | 'pending'
}

/** A Service whose generations 1, 2, … are as the rows say. */
function world(...rows: Row[]): {service: Service; revisions: Revision[]} {
  const revisions = rows.map(({ready = true, state = 'reserve'}, index): Revision => {
    const generation = index + 1
    return {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Revision',
      metadata: {
        name: `web-0000${generation}`,
        labels: {
          'serving.knative.dev/configurationGeneration': String(generation),
          'serving.knative.dev/routingState': state,
        },
      },
      spec: {containers: []},
      status: {conditions: [{type: 'Ready', status: ready ? 'True' : 'False'}]},
    }
  })
  const traffic = rows.flatMap(({percent}, index): TrafficTarget[] =>
    percent === undefined ? [] : [{revisionName: `web-0000${index + 1}`, percent}],
  )
  const service: Service = {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'web'},
    spec: {template: {spec: {containers: []}}, traffic},
    status: {traffic},
  }
  return {service, revisions}
}

describe('previousRouted', () => {
  test.each<[string, Row[], string]>([
    ['the one before', [{}, {}, {percent: 100}], 'web-00002'],
    ['the one that still has traffic', [{percent: 90}, {}, {percent: 10}], 'web-00001'],
    ['none that failed', [{}, {ready: false}, {percent: 100}], 'web-00001'],
    ['none that never had traffic', [{}, {state: 'pending'}, {percent: 100}], 'web-00001'],
    ['none that is newer', [{}, {percent: 100}, {}], 'web-00001'],
    ['one with a tag too', [{}, {percent: 0}, {percent: 100}], 'web-00002'],
  ])('is %s', (_, rows, name) => {
    const {service, revisions} = world(...rows)
    expect(previousRouted(service, revisions)).toBe(name)
  })

  test.each<[string, Row[]]>([
    ['there is only one', [{percent: 100}]],
    ['all older ones failed', [{ready: false}, {percent: 100}]],
    ['nobody has traffic', [{}, {}]],
  ])('is refused when %s', (_, rows) => {
    const {service, revisions} = world(...rows)
    expect(() => previousRouted(service, revisions)).toThrow(
      /Service 'web' has no ready revision that had traffic/,
    )
  })
})

import {beforeEach, describe, expect, test} from 'vitest'
import {failure} from '../../../src/api/meta/status-error.ts'
import {Client} from '../../../src/client/client.ts'
import {RestMapper} from '../../../src/client/rest-mapper.ts'

const APPS = {
  resources: [
    {name: 'deployments', kind: 'Deployment', namespaced: true},
    {name: 'deployments/status', kind: 'Deployment', namespaced: true},
    {name: 'replicasets', kind: 'ReplicaSet', namespaced: true},
  ],
}

let asked: string[]
let served: Record<string, unknown>
let mapper: RestMapper
beforeEach(() => {
  asked = []
  served = {'/apis/apps/v1': APPS}
  mapper = new RestMapper(
    new Client({
      async send({path}) {
        asked.push(path)
        const value = served[path]
        if (value === undefined) throw failure(404, 'NotFound', 'page not found')
        return {status: 200, headers: {}, warnings: [], body: {kind: 'json', value}}
      },
    }),
  )
})

describe('a REST mapper', () => {
  test('asks once for a group, however many ask at the same time', async () => {
    const kinds = ['Deployment', 'ReplicaSet', 'Deployment']
    const found = await Promise.all(kinds.map((kind) => mapper.find({apiVersion: 'apps/v1', kind})))
    expect(found.map((type) => type?.plural)).toEqual(['deployments', 'replicasets', 'deployments'])
    await mapper.find({apiVersion: 'apps/v1', kind: 'Deployment'})
    expect(asked).toEqual(['/apis/apps/v1'])
  })

  test('asks again for a kind that was not there', async () => {
    const widget = {apiVersion: 'example.com/v1', kind: 'Widget'}
    expect(await mapper.find(widget)).toBeUndefined()
    served['/apis/example.com/v1'] = {
      resources: [{name: 'widgets', kind: 'Widget', namespaced: false}],
    }
    expect(await mapper.find(widget)).toEqual({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
      plural: 'widgets',
      namespaced: false,
    })
  })

  test('a failure reaches everybody who waits, and is not remembered', async () => {
    const recovering = new RestMapper(
      new Client({
        async send({path}) {
          asked.push(path)
          if (asked.length === 1) throw failure(500, 'InternalError', 'not now')
          return {status: 200, headers: {}, warnings: [], body: {kind: 'json', value: APPS}}
        },
      }),
    )
    const deployment = {apiVersion: 'apps/v1', kind: 'Deployment'}
    const both = [recovering.find(deployment), recovering.find(deployment)]
    const outcomes = await Promise.allSettled(both)
    expect(outcomes.map(({status}) => status)).toEqual(['rejected', 'rejected'])
    expect((await recovering.find(deployment))?.plural).toBe('deployments')
  })
})

/** Ten thousand objects and hundreds of watches on one API server. */
import {readFileSync} from 'node:fs'
import {afterAll, beforeAll, expect, test} from 'vitest'
import type {WatchEvent} from '../../src/api/meta/object.ts'
import type {HttpTransport} from '../../src/client/http-transport.ts'
import {apiHome, type ApiHome, type ApiProcess} from '../support/spawn-api.ts'

const OBJECTS = 10_000
const WATCHES = 300
const PATH = '/api/v1/namespaces/default/configmaps'

let home: ApiHome
let api: ApiProcess
let transport: HttpTransport

beforeAll(async () => {
  home = await apiHome()
  api = await home.start()
  transport = api.connect()
  await post('/api/v1/namespaces', {metadata: {name: 'default'}})
})

afterAll(() => {
  transport.close()
  home.remove()
})

test(`${OBJECTS} objects of a kind are written, paged through and there after a kill`, async () => {
  for (let index = 0; index < OBJECTS; index += 50) {
    await Promise.all(
      Array.from({length: 50}, (_, offset) => post(PATH, makeObject(`object-${index + offset}`))),
    )
  }
  expect(await pagedNames()).toHaveLength(OBJECTS)
  expect(residentMegabytes()).toBeLessThan(600)
  transport.close()
  await api.kill()
  api = await home.start()
  transport = api.connect()
  expect(new Set(await pagedNames()).size).toBe(OBJECTS)
})

test('history is compacted by itself: an old version is Gone, the newest is not', async () => {
  const {status, body} = await transport.send({
    method: 'GET',
    path: PATH,
    query: {watch: 'true', resourceVersion: '2', timeoutSeconds: '1'},
  })
  expect(status).toBe(200)
  if (body.kind !== 'watch') throw new Error('no watch')
  const events: WatchEvent[] = []
  for await (const event of body.events) events.push(event)
  expect(events).toMatchObject([{type: 'ERROR', object: {code: 410, reason: 'Expired'}}])
})

test(`${WATCHES} watches all see every change in one order`, async () => {
  const from = await newestVersion()
  const watchers = Array.from({length: WATCHES}, () => readNames(from, 20))
  for (let index = 0; index < 20; index++) await post(PATH, makeObject(`seen-${index}`))
  const expected = Array.from({length: 20}, (_, index) => `seen-${index}`)
  for (const seen of await Promise.all(watchers)) expect(seen).toEqual(expected)
})

test('a watch that nobody reads costs bounded memory and no other client its events', async () => {
  const from = await newestVersion()
  const before = residentMegabytes()
  const lazy = await transport.send({
    method: 'GET',
    path: PATH,
    query: {watch: 'true', resourceVersion: from},
  })
  const reader = readNames(from, 400)
  for (let index = 0; index < 400; index++) {
    await post(PATH, makeObject(`large-${index}`, 'x'.repeat(100_000)))
  }
  expect(await reader).toHaveLength(400)
  expect(residentMegabytes() - before).toBeLessThan(400)
  expect(lazy.status).toBe(200)
})

function makeObject(name: string, value = 'a value'): object {
  return {metadata: {name, labels: {app: 'crowd'}}, data: {value}}
}

async function post(path: string, body: object): Promise<void> {
  const {status} = await transport.send({method: 'POST', path, body})
  if (status !== 201) throw new Error(`${status} for ${path}`)
}

interface List {
  readonly metadata: {readonly resourceVersion: string; readonly continue?: string}
  readonly items: readonly {readonly metadata: {readonly name: string}}[]
}

async function readList(query: Record<string, string>): Promise<List> {
  const {body} = await transport.send({method: 'GET', path: PATH, query})
  if (body.kind !== 'json') throw new Error('no list')
  return body.value as List
}

async function pagedNames(): Promise<string[]> {
  const names: string[] = []
  let token: string | undefined
  do {
    const page = await readList({limit: '500', ...(token !== undefined && {continue: token})})
    names.push(...page.items.map(({metadata}) => metadata.name))
    token = page.metadata.continue
  } while (token !== undefined && token !== '')
  return names
}

async function newestVersion(): Promise<string> {
  return (await readList({limit: '1'})).metadata.resourceVersion
}

/** The names in the first `count` events after `resourceVersion`. */
async function readNames(resourceVersion: string, count: number): Promise<string[]> {
  const {body} = await transport.send({
    method: 'GET',
    path: PATH,
    query: {watch: 'true', resourceVersion},
  })
  if (body.kind !== 'watch') throw new Error('no watch')
  const names: string[] = []
  for await (const {object} of body.events) {
    names.push((object as {metadata: {name: string}}).metadata.name)
    if (names.length === count) break
  }
  return names
}

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${api.process.pid ?? 0}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000
}

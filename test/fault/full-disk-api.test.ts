/** An API server whose disk is full: it says so, still reads, and goes on when there is room. */
import {afterAll, beforeAll, expect, test} from 'vitest'
import type {Status, UnknownObject} from '../../src/api/meta/object.ts'
import type {Transport} from '../../src/api/transport.ts'
import {apiHome, type ApiHome} from '../support/spawn-api.ts'

const PATH = '/api/v1/namespaces/default/configmaps'

let home: ApiHome

beforeAll(async () => {
  home = await apiHome()
})

afterAll(() => home.remove())

test('a full disk refuses writes, and neither reads nor what was acknowledged suffer', async () => {
  // No file of this shell's child may grow beyond 2 MiB: to SQLite that is a full disk.
  const crowded = await home.start({ulimit: 'ulimit -f 4096'})
  const transport = crowded.connect()
  await create(transport, '/api/v1/namespaces', {metadata: {name: 'default'}})
  const acknowledged: string[] = []
  let refusal: Status | undefined
  for (let index = 0; refusal === undefined; index++) {
    const name = `filler-${index}`
    const data = {filler: 'x'.repeat(64 * 1024)}
    const {status, value} = await create(transport, PATH, {metadata: {name}, data})
    if (status === 201) acknowledged.push(name)
    else refusal = value as Status
    expect(index).toBeLessThan(200)
  }
  expect(refusal).toMatchObject({kind: 'Status', code: 500, reason: 'InternalError'})
  expect(refusal.message).toMatch(/cannot be written|no space left/)
  expect(acknowledged.length).toBeGreaterThan(10)
  expect(await names(transport)).toEqual(acknowledged.toSorted())
  transport.close()
  await crowded.kill()

  const roomy = await home.start()
  const again = roomy.connect()
  expect(await names(again)).toEqual(acknowledged.toSorted())
  expect(await create(again, PATH, {metadata: {name: 'room-again'}})).toMatchObject({status: 201})
  again.close()
})

async function create(
  transport: Transport,
  path: string,
  body: object,
): Promise<{status: number; value: unknown}> {
  const answer = await transport.send({method: 'POST', path, body})
  if (answer.body.kind !== 'json') throw new Error('no document')
  return {status: answer.status, value: answer.body.value}
}

async function names(transport: Transport): Promise<string[]> {
  const {body} = await transport.send({method: 'GET', path: PATH})
  if (body.kind !== 'json') throw new Error('no list')
  const {items} = body.value as {items: (UnknownObject & {metadata: {name: string}})[]}
  return items.map(({metadata}) => metadata.name)
}

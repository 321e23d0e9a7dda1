/** An API server that is killed, again and again, while clients write to it. */
import {afterAll, beforeAll, expect, test} from 'vitest'
import type {KubeObject} from '../../src/api/meta/object.ts'
import type {ApiRequest, Transport} from '../../src/api/transport.ts'
import {apiHome, type ApiHome} from '../support/spawn-api.ts'

const KILLS = 200
const WRITERS = 4
const PATH = '/api/v1/namespaces/default/configmaps'

/** What one writer has been told about its objects. */
interface Ledger {
  /** The last acknowledged value by name; null after a delete. */
  readonly acknowledged: Map<string, string | null>
  /** The write under way, of which nobody knows whether it was made. */
  pending: {readonly name: string; readonly value: string | null} | undefined
  writes: number
}

let home: ApiHome

beforeAll(async () => {
  home = await apiHome()
})

afterAll(() => home.remove())

test(`${KILLS} kills at random moments lose and invent no write`, async () => {
  const ledgers = Array.from({length: WRITERS}, makeLedger)
  let newest = 0
  for (let round = 0; round < KILLS; round++) {
    const api = await home.start()
    const transport = api.connect()
    try {
      const stored = await readAll(transport)
      for (const [index, ledger] of ledgers.entries()) settle(ledger, index, stored)
      expect(stored.revision, `round ${round}`).toBeGreaterThanOrEqual(newest)
      newest = stored.revision
      await ensureNamespace(transport, round)
      const wanted = 1 + Math.floor(Math.random() * 60)
      await writeUntilKilled(transport, ledgers, wanted, () => api.kill())
    } finally {
      await api.kill()
      transport.close()
    }
  }
  const writes = ledgers.reduce((sum, ledger) => sum + ledger.writes, 0)
  expect(writes).toBeGreaterThan(KILLS)
})

function makeLedger(): Ledger {
  return {acknowledged: new Map(), pending: undefined, writes: 0}
}

async function ensureNamespace(transport: Transport, round: number): Promise<void> {
  if (round > 0) return
  const body = {metadata: {name: 'default'}}
  const {status} = await transport.send({method: 'POST', path: '/api/v1/namespaces', body})
  expect(status).toBe(201)
}

/** All writers at once; the kill comes in the middle of whatever is under way then. */
async function writeUntilKilled(
  transport: Transport,
  ledgers: readonly Ledger[],
  wanted: number,
  kill: () => Promise<void>,
): Promise<void> {
  let acknowledged = 0
  const killed = Promise.withResolvers<void>()
  await Promise.all([
    killed.promise,
    ...ledgers.map(async (ledger, index) => {
      try {
        for (;;) {
          await writeOne(transport, ledger, index)
          if (++acknowledged === wanted) kill().then(killed.resolve, killed.reject)
        }
      } catch {
        // The connection is gone with the server.
      }
    }),
  ])
}

async function writeOne(transport: Transport, ledger: Ledger, index: number): Promise<void> {
  const name = `writer-${index}-${Math.floor(Math.random() * 8)}`
  const known = ledger.acknowledged.get(name) ?? null
  const value = known !== null && Math.random() < 0.2 ? null : `${index}-${ledger.writes}`
  ledger.pending = {name, value}
  const {status} = await transport.send(requestOf(name, known, value))
  if (status !== 200 && status !== 201) throw new Error(`${status} for ${name}`)
  ledger.acknowledged.set(name, value)
  ledger.pending = undefined
  ledger.writes++
}

function requestOf(name: string, known: string | null, value: string | null): ApiRequest {
  if (value === null) return {method: 'DELETE', path: `${PATH}/${name}`}
  const body = {metadata: {name}, data: {value}}
  return known === null
    ? {method: 'POST', path: PATH, body}
    : {method: 'PUT', path: `${PATH}/${name}`, body}
}

interface StoredState {
  readonly revision: number
  readonly values: ReadonlyMap<string, string>
}

async function readAll(transport: Transport): Promise<StoredState> {
  const {body} = await transport.send({method: 'GET', path: PATH})
  if (body.kind !== 'json') throw new Error('no list')
  const list = body.value as {
    metadata: {resourceVersion: string}
    items: (KubeObject & {data: {value: string}})[]
  }
  return {
    revision: Number(list.metadata.resourceVersion),
    values: new Map(list.items.map(({metadata, data}) => [metadata.name ?? '', data.value])),
  }
}

/** What is stored is what was acknowledged, but for the one write that may have been made. */
function settle(ledger: Ledger, index: number, {values}: StoredState): void {
  const {pending, acknowledged} = ledger
  if (pending !== undefined && (values.get(pending.name) ?? null) === pending.value) {
    acknowledged.set(pending.name, pending.value)
  }
  ledger.pending = undefined
  const stored = [...values].filter(([name]) => name.startsWith(`writer-${index}-`))
  const expected = [...acknowledged].filter(([, value]) => value !== null)
  expect(new Map(stored)).toEqual(new Map(expected))
}

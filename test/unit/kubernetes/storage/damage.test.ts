/** Files of a database that were damaged behind its back: nothing acknowledged goes missing in silence. */
import {spawn} from 'node:child_process'
import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {isDeepStrictEqual} from 'node:util'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {openSqliteStorage} from '../../../../src/kubernetes/storage/sqlite-storage.ts'
import type {Storage} from '../../../../src/kubernetes/storage/storage.ts'
import {stateAfter, valueOf, writeNext} from './deterministic-writes.ts'

const RUNS = Number(process.env['KNTOOL_DAMAGE_RUNS'] ?? 120)
const FILES = ['cluster.db', 'cluster.db-wal', 'cluster.db-newest'] as const

type Damage =
  | {readonly kind: 'flip'; readonly at: number; readonly bit: number}
  | {readonly kind: 'zero'; readonly at: number; readonly length: number}
  | {readonly kind: 'truncate'; readonly at: number}
  | {readonly kind: 'append'; readonly bytes: Uint8Array}
  | {readonly kind: 'delete'}

/** Where is a fraction of the file's length, so that it means something for every file. */
const place = fc.double({min: 0, max: 0.999999, noNaN: true})
const damages: fc.Arbitrary<Damage> = fc.oneof(
  {weight: 4, arbitrary: fc.record({kind: fc.constant('flip'), at: place, bit: fc.nat(7)})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('zero'), at: place, length: fc.nat(9_000)})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('truncate'), at: place})},
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('append'),
      bytes: fc.uint8Array({minLength: 1, maxLength: 5_000}),
    }),
  },
  {weight: 1, arbitrary: fc.record({kind: fc.constant('delete')})},
)

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'kntool-damage-'))
})

afterAll(() => rmSync(root, {recursive: true, force: true}))

describe.each(['a clean stop', 'a kill'] as const)('after %s', (end) => {
  let sound: string
  let acknowledged: number

  beforeAll(async () => {
    sound = join(root, end)
    acknowledged = await (end === 'a kill' ? killedWriter(sound) : stoppedWriter(sound))
  }, 60_000)

  test(`${RUNS} damages of one file leave all that was acknowledged, or a refusal that names a file`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), damages, (name, damage) => {
        const directory = mkdtempSync(join(root, 'case-'))
        cpSync(sound, directory, {recursive: true})
        const changed = damageFile(join(directory, name), damage)
        const outcome = outcomeOf(join(directory, 'cluster.db'), acknowledged)
        rmSync(directory, {recursive: true})
        expect(changed || outcome.kind === 'whole' ? outcome.kind : outcome).toBeOneOf([
          'whole',
          'refused',
        ])
      }),
      {numRuns: RUNS},
    )
  }, 300_000)

  test.each([
    [['cluster.db-wal', 'cluster.db-newest']],
    [['cluster.db', 'cluster.db-newest']],
    [['cluster.db', 'cluster.db-wal']],
  ])('two lost files (%j) are noticed', (names) => {
    const directory = mkdtempSync(join(root, 'case-'))
    cpSync(sound, directory, {recursive: true})
    for (const name of names) rmSync(join(directory, name), {force: true})
    // With the database, its log and the note all gone, there is nothing left that could be missed.
    const isNew = FILES.every((name) => !existsSync(join(directory, name)))
    expect(
      isNew ? {kind: 'refused'} : outcomeOf(join(directory, 'cluster.db'), acknowledged),
    ).toMatchObject({
      kind: 'refused',
    })
  })

  test('nothing is changed by a refusal: the second one says the same', () => {
    const directory = mkdtempSync(join(root, 'case-'))
    cpSync(sound, directory, {recursive: true})
    const name = end === 'a kill' ? 'cluster.db-wal' : 'cluster.db'
    damageFile(join(directory, name), {kind: 'truncate', at: 0.5})
    const damaged = readFileSync(join(directory, name))
    const file = join(directory, 'cluster.db')
    const first = outcomeOf(file, acknowledged)
    expect(first.kind).toBe('refused')
    expect(outcomeOf(file, acknowledged)).toEqual(first)
    expect(readFileSync(join(directory, name)).equals(damaged)).toBe(true)
  })
})

describe('a log that ends too early', () => {
  test('is named with the writes that are lost, and can be gone on from', async () => {
    const directory = join(root, 'short-log')
    const acknowledged = await killedWriter(directory)
    damageFile(join(directory, 'cluster.db-wal'), {kind: 'truncate', at: 0.5})
    const file = join(directory, 'cluster.db')
    expect(outcomeOf(file, acknowledged).text).toMatch(
      new RegExp(
        `cluster\\.db-wal is damaged: the newest \\d+ writes \\(\\d+ to (${acknowledged}|${acknowledged + 1})\\)`,
      ),
    )
    const storage = openSqliteStorage({file, acceptsLoss: true})
    expect(isStateOf(storage)).toBe(true)
    const newest = writeNext(storage)
    storage.close()
    expect(outcomeOf(file, newest)).toEqual(WHOLE)
  })
})

describe('a database of before there were notes', () => {
  test('is taken over as it is, and guarded from then on', () => {
    const directory = join(root, 'old')
    const file = join(directory, 'cluster.db')
    const storage = openSqliteStorage({file})
    for (let count = 0; count < 30; count++) writeNext(storage)
    storage.close()
    rmSync(`${file}-newest`)
    setFormat(file, 1)
    expect(outcomeOf(file, 30)).toEqual(WHOLE)
    rmSync(`${file}-newest`)
    expect(outcomeOf(file, 90)).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('cluster.db-newest is missing'),
    })
  })
})

/** The user_version of a database, in its header. */
function setFormat(file: string, version: number): void {
  const bytes = readFileSync(file)
  bytes.writeUInt32BE(version, 60)
  writeFileSync(file, bytes)
}

function stoppedWriter(directory: string): Promise<number> {
  const storage = openSqliteStorage({file: join(directory, 'cluster.db'), historyLimit: 40})
  for (let count = 0; count < 300; count++) writeNext(storage)
  storage.close()
  return Promise.resolve(storage.currentRevision)
}

/** A process that is killed after it wrote, with most of it in the log and some in the database. */
async function killedWriter(directory: string): Promise<number> {
  const file = join(directory, 'cluster.db')
  const before = openSqliteStorage({file, historyLimit: 40})
  for (let count = 0; count < 60; count++) writeNext(before)
  before.close()
  const program = join(import.meta.dirname, 'writer-process.ts')
  const child = spawn(process.execPath, [program, file], {stdio: ['ignore', 'pipe', 'inherit']})
  let acknowledged = 0
  for await (const line of createInterface({input: child.stdout})) {
    if (line === 'open') continue
    acknowledged = Number(line)
    if (acknowledged === 260) child.kill('SIGKILL')
  }
  return acknowledged
}

/** Damages a file and answers whether that changed anything. */
function damageFile(path: string, damage: Damage): boolean {
  if (!existsSync(path)) return false
  const bytes = readFileSync(path)
  const at = 'at' in damage ? Math.floor(damage.at * bytes.length) : 0
  switch (damage.kind) {
    case 'flip':
      bytes[at] = (bytes[at] ?? 0) ^ (1 << damage.bit)
      writeFileSync(path, bytes)
      break
    case 'zero':
      writeFileSync(
        path,
        Buffer.from(bytes).fill(0, at, Math.min(at + damage.length, bytes.length)),
      )
      break
    case 'truncate':
      writeFileSync(path, bytes.subarray(0, at))
      break
    case 'append':
      writeFileSync(path, Buffer.concat([bytes, damage.bytes]))
      break
    case 'delete':
      rmSync(path)
      break
  }
  return true
}

/** What an attempt to open the files comes to. */
interface Outcome {
  readonly kind: 'whole' | 'refused' | 'wrong'
  /** What is wrong, or what the refusal says. */
  readonly text: string
}

const WHOLE: Outcome = {kind: 'whole', text: ''}

function outcomeOf(file: string, acknowledged: number): Outcome {
  let storage: Storage
  try {
    storage = openSqliteStorage({file, historyLimit: 40})
  } catch (error) {
    return judgeRefusal(error)
  }
  try {
    // The write under way at the kill may have been made though nobody heard of it.
    const ahead = storage.currentRevision - acknowledged
    if (ahead !== 0 && ahead !== 1) return {kind: 'wrong', text: `ahead by ${ahead}`}
    if (!isStateOf(storage)) return {kind: 'wrong', text: 'other objects'}
    // Neither does what comes later suffer from what was not looked at.
    for (let count = 0; count < 60; count++) writeNext(storage)
    return isStateOf(storage) ? WHOLE : {kind: 'wrong', text: 'other objects after writes'}
  } finally {
    storage.close()
  }
}

function judgeRefusal(error: unknown): Outcome {
  if (!(error instanceof KntoolError)) return {kind: 'wrong', text: String(error)}
  const {exitCode, message, hints} = error
  const namesFile = FILES.some((name) => message.includes(name))
  const isClear = exitCode === 1 && namesFile && hints.length > 0
  return {kind: isClear ? 'refused' : 'wrong', text: message}
}

/** The stored objects are exactly those of the sequence of writes up to the newest revision. */
function isStateOf(storage: Storage): boolean {
  const stored = storage
    .list('/')
    .items.map((item) => [item.key, item.storeRevision, item.object.metadata.labels?.['value']])
  const expected = [...stateAfter(storage.currentRevision)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, revision]) => [key, revision, valueOf(revision)])
  return isDeepStrictEqual(stored, expected)
}

import {spawn, type ChildProcessByStdio} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {DatabaseSync} from 'node:sqlite'
import type {Readable} from 'node:stream'
import {describe, expect, onTestFinished, test} from 'vitest'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {openSqliteStorage} from '../../../../src/kubernetes/storage/sqlite-storage.ts'
import type {Storage} from '../../../../src/kubernetes/storage/storage.ts'
import {stateAfter, valueOf, writeNext} from './deterministic-writes.ts'

type Writer = ChildProcessByStdio<null, Readable, null>

describe('a killed process', () => {
  test('loses no acknowledged write and leaves a database that goes on', async () => {
    const file = join(temporaryDirectory(), 'cluster.db')
    let acknowledged = 0
    for (let round = 0; round < 30; round++) {
      const revisions = await killedAfter(file, 1 + Math.floor(Math.random() * 120))
      acknowledged = Math.max(acknowledged, ...revisions)
      const storage = openSqliteStorage({file, historyLimit: 40})
      try {
        // The write that was under way may have been made though nobody heard of it.
        expect(storage.currentRevision - acknowledged).toBeOneOf([0, 1])
        expectStateOf(storage)
        expect(() => storage.watch('/', storage.oldestRevision).close()).not.toThrow()
        acknowledged = writeNext(storage)
      } finally {
        storage.close()
      }
    }
    expect(acknowledged).toBeGreaterThan(30)
  })
})

describe('a database that cannot be used', () => {
  test('is refused while another process has it, and free again after that was killed', async () => {
    const file = join(temporaryDirectory(), 'cluster.db')
    const holder = startWriter(file, ['hold'])
    await firstLine(holder)
    expect(refusal(file)).toMatchObject({
      code: 'KN_DATA_DIR_LOCKED',
      hints: [expect.stringContaining('kntool local status'), expect.any(String)],
    })
    holder.kill('SIGKILL')
    await once(holder, 'close')
    openSqliteStorage({file}).close()
  })

  test('is refused while this process has it open already', () => {
    const file = join(temporaryDirectory(), 'cluster.db')
    const storage = openSqliteStorage({file})
    expect(refusal(file)).toMatchObject({code: 'KN_DATA_DIR_LOCKED'})
    storage.close()
    openSqliteStorage({file}).close()
  })

  test.each([
    ['text', (size: number) => Buffer.alloc(size, 'not a database ')],
    ['zeros after the first page', (size: number, old: Buffer) => zeroed(old, 4_096, size)],
    ['noise in the first page', (_: number, old: Buffer) => zeroed(old, 100, 3_000)],
  ])('is called damaged when it holds %s', (_name, damage) => {
    const file = join(temporaryDirectory(), 'cluster.db')
    const storage = openSqliteStorage({file})
    for (let count = 0; count < 50; count++) writeNext(storage)
    storage.close()
    const damaged = damage(statSync(file).size, readFileSync(file))
    writeFileSync(file, damaged)
    expect(refusal(file)).toMatchObject({
      code: 'KN_DATA_CORRUPT',
      hints: expect.arrayContaining([expect.stringContaining('kntool local reset')]),
    })
    // Nobody may want to look at it, but it is theirs.
    expect(readFileSync(file).equals(damaged)).toBe(true)
  })

  test('is left alone when it belongs to another program', () => {
    const file = join(temporaryDirectory(), 'cluster.db')
    const database = new DatabaseSync(file)
    database.exec('CREATE TABLE accounts (name TEXT)')
    database.close()
    expect(refusal(file)).toMatchObject({code: 'KN_DATA_CORRUPT'})
  })

  test('is refused when a later version of kntool wrote it', () => {
    const file = join(temporaryDirectory(), 'cluster.db')
    openSqliteStorage({file}).close()
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
    expect(refusal(file)).toMatchObject({
      code: 'KN_DATA_TOO_NEW',
      message: expect.stringContaining('format 99'),
    })
  })

  test('is refused when somebody changed an object in it', () => {
    const {file, key} = withChangedObject()
    expect(refusal(file)).toMatchObject({
      code: 'KN_DATA_CORRUPT',
      message: expect.stringContaining(`${file} is damaged`),
    })
    // Who goes on all the same is told as soon as the object is looked at.
    const storage = openSqliteStorage({file, acceptsLoss: true})
    onTestFinished(() => storage.close())
    expect(() => storage.get(key)?.object).toThrow('/core/pods/ns/a cannot be read')
    expect(() => storage.delete(key, 1)).toThrow(KntoolError)
    expect(storage.currentRevision).toBe(1)
  })

  test('is called unusable where a directory is a file', () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'data'), '')
    expect(refusal(join(directory, 'data', 'cluster.db'))).toMatchObject({
      code: 'KN_DATA_DIR_UNUSABLE',
    })
  })

  test.each(['directory', 'file'])('is called unusable when its %s is read-only', async (what) => {
    const directory = join(temporaryDirectory(), 'data')
    mkdirSync(directory)
    const file = join(directory, 'cluster.db')
    if (what === 'file') openSqliteStorage({file}).close()
    chmodSync(join(directory, '..'), 0o755)
    if (what === 'file') chmodSync(file, 0o444)
    chmodSync(directory, 0o555)
    onTestFinished(() => chmodSync(directory, 0o755))
    const writer = startWriter(file, ['unprivileged'])
    expect(await firstLine(writer)).toBe('KN_DATA_DIR_UNUSABLE')
  })

  test('says that the disk is full, and keeps what was acknowledged', async () => {
    const file = join(temporaryDirectory(), 'cluster.db')
    // No file of this shell's children may grow beyond 1 MiB: to SQLite that is a full disk.
    const writer = spawn(
      '/bin/sh',
      ['-c', 'ulimit -f 2048; exec "$0" "$1" "$2"', process.execPath, WRITER, file],
      {stdio: ['ignore', 'pipe', 'inherit']},
    )
    const lines = await allLines(writer)
    expect(lines.at(-1)).toBe('KN_DATA_DIR_UNUSABLE')
    const acknowledged = Number(lines.at(-2))
    expect(acknowledged).toBeGreaterThan(40)
    const storage = openSqliteStorage({file})
    onTestFinished(() => storage.close())
    expect(storage.currentRevision).toBe(acknowledged)
    expectStateOf(storage)
  })
})

describe('privacy', () => {
  test('only the owner can read the database and its log', () => {
    const file = join(temporaryDirectory(), 'deeper', 'cluster.db')
    const storage = openSqliteStorage({file})
    onTestFinished(() => storage.close())
    writeNext(storage)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600)
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
  })
})

const WRITER = join(import.meta.dirname, 'writer-process.ts')

function startWriter(file: string, args: string[] = []): Writer {
  const child = spawn(process.execPath, [WRITER, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Runs a writer, kills it when it has acknowledged `count` writes, answers all it acknowledged. */
async function killedAfter(file: string, count: number): Promise<number[]> {
  const writer = startWriter(file)
  const revisions: number[] = []
  for await (const line of createInterface({input: writer.stdout})) {
    if (line === 'open') continue
    revisions.push(Number(line))
    if (revisions.length === count) writer.kill('SIGKILL')
  }
  expect(revisions).not.toContain(Number.NaN)
  return revisions
}

async function allLines(writer: Writer): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({input: writer.stdout})) lines.push(line)
  return lines
}

async function firstLine(writer: Writer): Promise<string> {
  for await (const line of createInterface({input: writer.stdout})) return line
  return 'nothing'
}

/** The stored objects are exactly those of the sequence of writes up to the newest revision. */
function expectStateOf(storage: Storage): void {
  const stored = storage
    .list('/')
    .items.map((item) => [item.key, item.storeRevision, item.object.metadata.labels?.['value']])
  const expected = [...stateAfter(storage.currentRevision)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, revision]) => [key, revision, valueOf(revision)])
  expect(stored).toEqual(expected)
}

function refusal(file: string): unknown {
  try {
    openSqliteStorage({file}).close()
    return undefined
  } catch (error) {
    return error
  }
}

function withChangedObject(): {file: string; key: string} {
  const file = join(temporaryDirectory(), 'cluster.db')
  const storage = openSqliteStorage({file})
  const {key} = storage.create('/core/pods/ns/a', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'a'},
  })
  storage.close()
  const database = new DatabaseSync(file)
  database.exec(`UPDATE log SET value = '{"apiVersion"'`)
  database.close()
  return {file, key}
}

function zeroed(buffer: Buffer, from: number, to: number): Buffer {
  return Buffer.from(buffer).fill(0, from, to)
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kntool-storage-'))
  onTestFinished(() => rmSync(directory, {recursive: true, force: true}))
  return directory
}

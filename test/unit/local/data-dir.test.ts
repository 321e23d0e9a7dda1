import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {
  clusterDir,
  dataDirAt,
  readRunning,
  type RunningRecord,
  writeRunning,
} from '../../../src/local/data-dir.ts'
import {processStartTime} from '../../../src/util/process-identity.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kntool-data-'))
})
afterEach(() => rmSync(folder, {recursive: true}))

const record = (pid: number, processStart: string): RunningRecord => ({
  pid,
  processStart,
  apiUrl: 'https://127.0.0.1:1',
  gatewayUrl: 'http://127.0.0.1:2',
  kubeconfig: '/nowhere',
  startedAt: '2024-04-22T00:00:00.000Z',
})

test('the folder follows KNTOOL_HOME, then XDG_DATA_HOME, then the home folder', () => {
  expect(clusterDir('a', {KNTOOL_HOME: '/k', XDG_DATA_HOME: '/x', HOME: '/h'}).path).toBe(
    '/k/clusters/a',
  )
  expect(clusterDir('a', {XDG_DATA_HOME: '/x', HOME: '/h'}).path).toBe('/x/kntool/clusters/a')
  expect(clusterDir('a', {HOME: '/h'}).path).toBe('/h/.local/share/kntool/clusters/a')
})

test.each(['', '.', '../up', 'UPPER', '-a', 'a'.repeat(64)])(
  '"%s" cannot name a cluster',
  (name) => {
    expect(() => clusterDir(name, {HOME: '/h'})).toThrow(
      expect.objectContaining({code: 'KN_USAGE'}),
    )
  },
)

test('a record is believed only while its very process runs', () => {
  const dir = dataDirAt(folder)
  expect(readRunning(dir)).toBeUndefined()
  const own = record(process.pid, processStartTime(process.pid) ?? '')
  writeRunning(dir, own)
  expect(readRunning(dir)).toEqual(own)
  writeRunning(dir, record(process.pid, 'at another time'))
  expect(readRunning(dir)).toBeUndefined()
})

test('nobody else may read the record, which leads to the token', () => {
  const dir = dataDirAt(folder)
  writeRunning(dir, record(process.pid, ''))
  expect(statSync(dir.running).mode & 0o077).toBe(0)
})

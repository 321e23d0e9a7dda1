import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe} from 'vitest'
import {openSqliteStorage} from '../../../src/kubernetes/storage/sqlite-storage.ts'
import type {Storage} from '../../../src/kubernetes/storage/storage.ts'
import {storageProperties} from './properties.ts'
import {reopenSuite} from './reopen-suite.ts'
import {storageSuite} from './suite.ts'
import type {StorageUnderTest} from './support.ts'

const directory = mkdtempSync(join(tmpdir(), 'kntool-storage-'))
const files = new WeakMap<Storage, string>()
let opened = 0

const subject: Required<StorageUnderTest> = {
  open: (options) => openFile(join(directory, `${++opened}`, 'cluster.db'), options),
  reopen: (storage, options) => {
    storage.close()
    return openFile(files.get(storage) ?? '', options)
  },
}

describe('storage in SQLite', () => {
  storageSuite(subject)
  reopenSuite(subject)
  storageProperties(subject, {runs: 40})
})

afterAll(() => rmSync(directory, {recursive: true, force: true}))

function openFile(file: string, options: Parameters<StorageUnderTest['open']>[0]): Storage {
  const storage = openSqliteStorage({...options, file})
  files.set(storage, file)
  return storage
}

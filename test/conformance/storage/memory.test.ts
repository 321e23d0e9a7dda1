import {describe} from 'vitest'
import {MemoryStorage} from '../../../src/kubernetes/storage/memory-storage.ts'
import {storageProperties} from './properties.ts'
import {storageSuite} from './suite.ts'
import type {StorageUnderTest} from './support.ts'

const subject: StorageUnderTest = {open: (options) => new MemoryStorage(options)}

describe('storage in memory', () => {
  storageSuite(subject)
  storageProperties(subject, {runs: 150})
})

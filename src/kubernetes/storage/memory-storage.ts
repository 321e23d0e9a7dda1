import {LogStorage, type StorageOptions} from './log-storage.ts'

/** A storage that is gone with the process: for tests, `--ephemeral` clusters and the library. */
export class MemoryStorage extends LogStorage {
  constructor(options: StorageOptions = {}) {
    super(options)
  }
}

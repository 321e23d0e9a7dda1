import {existsSync} from 'node:fs'
import {ProcessRecords} from '../kubernetes/runtimes/process/process-records.ts'
import type {DataDir} from './data-dir.ts'

/** Ends what a cluster that was killed left running. Call it only while none runs on the folder. */
export async function endLeftovers(dir: DataDir): Promise<void> {
  if (existsSync(dir.processes)) await new ProcessRecords(dir.processes).endLeftovers()
}

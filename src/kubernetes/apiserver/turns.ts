import {setImmediate} from 'node:timers/promises'
import type {Body} from './body.ts'

/** What smaller bodies take is done before anybody notices. */
const LARGE_BYTES = 64 * 1024

/**
 * Whether a request lets others have their turn between the steps of its work: reading, decoding,
 * merging, validating, storing and answering 25,000 fields take longer together than anybody should
 * wait, and none of them alone does.
 */
function takesTurns(body: Body): boolean {
  return body.kind === 'bytes' && body.bytes.length >= LARGE_BYTES
}

/**
 * Resolves once everybody else who waits had a turn, if the request takes turns. Whatever was read
 * from the storage before may be outdated afterwards.
 */
export async function nextTurn(body: Body): Promise<void> {
  if (takesTurns(body)) await setImmediate()
}

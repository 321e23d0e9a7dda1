import type {StatusDetails} from '../../../api/meta/object.ts'
import {internalError} from '../errors.ts'
import type {CommandProtocol} from './protocols.ts'

/** How a remote command ended: with an exit code, or not started, and why. */
export type Outcome =
  | {readonly exitCode: number; readonly command: readonly string[]}
  | {readonly failure: string}

/** A Status as it travels on a stream: without kind and version. */
interface StreamStatus {
  readonly metadata: object
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: string
  readonly details?: StatusDetails
  readonly code?: number
}

/**
 * What the client is told. Before version 4 of the protocol silence means success.
 *
 * Counterpart of kubelet's `remotecommand.ServeExec`.
 */
export function encodeOutcome(outcome: Outcome, {hasStatus}: CommandProtocol): string {
  const status = statusOf(outcome)
  if (hasStatus) return JSON.stringify(status)
  return status.status === 'Success' ? '' : (status.message ?? '')
}

function statusOf(outcome: Outcome): StreamStatus {
  if ('failure' in outcome) {
    const {
      kind: _kind,
      apiVersion: _version,
      ...status
    } = internalError(new Error(outcome.failure)).status
    return status
  }
  const {exitCode, command} = outcome
  if (exitCode === 0) return {metadata: {}, status: 'Success'}
  const how = `error executing command [${command.join(' ')}], exit code ${exitCode}`
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: ${how}`,
    reason: 'NonZeroExitCode',
    details: {causes: [{reason: 'ExitCode', message: String(exitCode)}]},
  }
}

import {failure, type StatusError} from './meta/status-error.ts'

/** A refusal as the API server words what a webhook of this name said. */
export function denial(webhook: string, why: string): StatusError {
  return failure(400, 'BadRequest', `admission webhook "${webhook}" denied the request: ${why}`)
}

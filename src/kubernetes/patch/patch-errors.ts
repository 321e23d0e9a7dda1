import {failure, type StatusError} from '../../api/meta/status-error.ts'

/** 400: the body is no patch of its kind. */
export function badPatch(message: string): StatusError {
  return failure(400, 'BadRequest', message)
}

/** 422: the patch does not apply. Counterpart of `NewGenericServerResponse`, which hides why. */
export function unprocessable(): StatusError {
  const message = 'the server rejected our request due to an error in our request'
  return failure(422, 'Invalid', message, {})
}

/** 500 without a reason, which is what kube-apiserver makes of any error that is no Status. */
export function plainFailure(message: string): StatusError {
  return failure(500, '', message)
}

import type {StatusDetails} from '../api/meta/object.ts'
import {StatusError} from '../api/meta/status-error.ts'
import type {ErrorCode} from '../errors/catalog.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {explainTakenName} from './service/taken-revision-name.ts'

/**
 * Turns whatever an operation failed with into an error a person can read.
 *
 * An answer of the API keeps its text, gets the code of its kind and the next command to type.
 * Anything unknown is a bug and becomes `KN_BUG`, with the original as its cause.
 */
export function explainError(error: unknown): KntoolError {
  if (error instanceof KntoolError) return error
  if (error instanceof StatusError) {
    const explained = explainTakenName(error)
    return explained instanceof KntoolError ? explained : explainStatus(error)
  }
  const cause = error instanceof Error ? error : new Error(String(error))
  const known = explainSystemError(cause)
  if (known !== undefined) return known
  return new KntoolError('KN_BUG', `Something went wrong inside kntool: ${cause.message}`, {
    hint: 'This is a bug. Run the command again with KNTOOL_DEBUG=1 and report what it prints.',
    cause,
  })
}

function explainStatus(error: StatusError): KntoolError {
  const {code: status, reason} = error
  const {details} = error.status
  const make = (code: ErrorCode, message: string, hint: readonly string[] = []): KntoolError =>
    new KntoolError(code, message, {
      hint,
      details: {status, ...(reason !== '' && {reason}), ...(details && {...details})},
      cause: error,
    })
  if (status === 404 && details?.name === undefined && isServingPath(error)) {
    return make(
      'KN_NOT_FOUND',
      'no or newer Knative Serving API found on the backend, please verify the installation',
      ['kntool install --domain DOMAIN', 'kubectl get crd services.serving.knative.dev'],
    )
  }
  switch (status) {
    case 401:
    case 403:
      return make('KN_FORBIDDEN', error.message, ['kubectl auth whoami'])
    case 404:
      return make('KN_NOT_FOUND', error.message, listHint(details))
    case 409:
      return make('KN_CONFLICT', error.message)
    case 400:
    case 422:
      return make('KN_USAGE', error.message)
    case 408:
    case 504:
      return make('KN_TIMEOUT', error.message)
    case 502:
    case 503:
      return make('KN_UNREACHABLE', error.message)
    default:
      return make('KN_FAILED', error.message)
  }
}

// "the server could not find the requested resource": the path is not served at all.
function isServingPath(error: StatusError): boolean {
  const {group} = error.status.details ?? {}
  return group === 'serving.knative.dev' || /requested resource|page not found/.test(error.message)
}

const LIST_COMMANDS: Readonly<Record<string, string>> = {
  services: 'kntool service list',
  revisions: 'kntool revision list',
  routes: 'kntool route list',
  domainmappings: 'kntool domain list',
}

function listHint(details: StatusDetails | undefined): string[] {
  const command = LIST_COMMANDS[details?.kind ?? '']
  return command === undefined ? [] : [`See what there is: ${command} -A`]
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
}

function explainSystemError(error: Error): KntoolError | undefined {
  const {code, path} = error as NodeJS.ErrnoException
  const reason = FILE_ERRORS[code ?? '']
  if (reason === undefined || path === undefined) return undefined
  return new KntoolError('KN_FAILED', `Cannot use ${path}: ${reason}.`, {
    details: {path, code},
    cause: error,
  })
}

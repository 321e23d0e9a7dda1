import {invalidValue, type FieldError} from '../../../apiserver/validation/field-error.ts'

/** A path that does not climb. Counterpart of upstream's validatePathNoBacksteps. */
export function validateNoBacksteps(path: string, field: string): FieldError[] {
  return path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : []
}

/** A path that stays where it is put: `subPath`. Counterpart of validateLocalDescendingPath. */
export function validateDescendingPath(path: string, field: string): FieldError[] {
  return [
    ...(path.startsWith('/') ? [invalidValue(field, path, 'must be a relative path')] : []),
    ...validateNoBacksteps(path, field),
  ]
}

/**
 * A path of a file in a volume, beside the names that the kubelet keeps for itself (`..data`).
 * Counterpart of validateLocalNonReservedPath.
 */
export function validateFilePath(path: string, field: string): FieldError[] {
  // Of `../a` the first check has said enough.
  const isReserved = path.startsWith('..') && !path.startsWith('../')
  return [
    ...validateDescendingPath(path, field),
    ...(isReserved ? [invalidValue(field, path, "must not start with '..'")] : []),
  ]
}

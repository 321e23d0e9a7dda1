import type {FieldError} from '../../../../src/kubernetes/apiserver/validation/field-error.ts'

/** Errors as their messages show them: `spec.x: Required value`. */
export function problemsOf(errors: readonly FieldError[]): string[] {
  return errors.map(({field, message}) => (field === '' ? message : `${field}: ${message}`))
}

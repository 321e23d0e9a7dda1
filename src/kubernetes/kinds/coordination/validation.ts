import {numberAt, objectAt, stringAt, type JsonObject} from '../../apiserver/json-value.ts'
import {
  forbidden,
  invalidValue,
  notSupported,
  type FieldError,
} from '../../apiserver/validation/field-error.ts'
import {qualifiedName} from '../../apiserver/validation/names.ts'
import {notNegative} from '../../apiserver/validation/numbers.ts'

const STRATEGIES = ['OldestEmulationVersion']

/** What is wrong with a Lease. Counterpart of `pkg/apis/coordination/validation`. */
export function validateLease(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const errors: FieldError[] = []
  const duration = numberAt(spec, 'leaseDurationSeconds')
  if (duration !== undefined && duration <= 0) {
    errors.push(invalidValue('spec.leaseDurationSeconds', duration, 'must be greater than 0'))
  }
  errors.push(...notNegative(spec, 'spec', 'leaseTransitions'))
  const strategy = spec['strategy']
  if (typeof strategy === 'string') errors.push(...validateStrategy(strategy))
  if (stringAt(spec, 'preferredHolder') !== '' && stringAt(spec, 'strategy') === '') {
    const detail = 'may only be specified if `strategy` is defined'
    errors.push(forbidden('spec.preferredHolder', detail))
  }
  return errors
}

function validateStrategy(strategy: string): FieldError[] {
  // The path names the field twice, as upstream does.
  const path = 'spec.strategy.strategy'
  if (!strategy.includes('/')) {
    return STRATEGIES.includes(strategy) ? [] : [notSupported(path, strategy, STRATEGIES)]
  }
  return qualifiedName(strategy).map((detail) => invalidValue(path, strategy, detail))
}

import {isJsonObject, objectAt, type JsonObject} from '../json-value.ts'
import {invalidValue, notSupported, required, type FieldError} from './field-error.ts'
import {isEmptySelector, validateLabelSelector} from './label-selector.ts'
import {isZeroShare, notMoreThanAll, notNegative, validateShare} from './numbers.ts'
import {goStrategy, validateEndless, validateSelected, validateTemplate} from './pod-template.ts'

/** What is wrong with a DaemonSet. Counterpart of `pkg/apis/apps/validation`. */
export function validateDaemonSet(object: JsonObject): FieldError[] {
  const spec = objectAt(object, 'spec')
  const selector = spec['selector']
  const errors = [...validateLabelSelector(selector, 'spec.selector'), ...validateSelected(spec)]
  if (isJsonObject(selector) && isEmptySelector(selector)) {
    const detail = 'empty selector is invalid for daemonset'
    errors.push(invalidValue('spec.selector', selector, detail))
  }
  return [
    ...errors,
    ...validateTemplate(spec),
    ...validateEndless(spec, 'DaemonSet'),
    ...notNegative(spec, 'spec', 'minReadySeconds'),
    ...validateStrategy(objectAt(spec, 'updateStrategy')),
    ...notNegative(spec, 'spec', 'revisionHistoryLimit'),
  ]
}

function validateStrategy(strategy: JsonObject): FieldError[] {
  const path = 'spec.updateStrategy'
  const rolling = strategy['rollingUpdate']
  switch (strategy['type']) {
    case 'OnDelete':
      return []
    case 'RollingUpdate':
      return isJsonObject(rolling)
        ? validateRolling(rolling, `${path}.rollingUpdate`)
        : [required(`${path}.rollingUpdate`)]
    default:
      return [notSupported(path, goStrategy(strategy), ['RollingUpdate', 'OnDelete'])]
  }
}

function validateRolling(rolling: JsonObject, path: string): FieldError[] {
  const {maxUnavailable, maxSurge} = rolling
  const errors = [
    ...validateShare(maxUnavailable, `${path}.maxUnavailable`),
    ...validateShare(maxSurge, `${path}.maxSurge`),
    ...notMoreThanAll(maxUnavailable, `${path}.maxUnavailable`),
    ...notMoreThanAll(maxSurge, `${path}.maxSurge`),
  ]
  const [noneUnavailable, noSurge] = [isZeroShare(maxUnavailable), isZeroShare(maxSurge)]
  if (!noneUnavailable && !noSurge) {
    const detail = 'may not be set when maxUnavailable is non-zero'
    errors.push(invalidValue(`${path}.maxSurge`, maxSurge, detail))
  }
  if (noneUnavailable && noSurge) {
    errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  }
  return errors
}

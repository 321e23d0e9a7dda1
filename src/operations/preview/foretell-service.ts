import {defaultConfigs} from '../../api/config/config-store.ts'
import {failure} from '../../api/meta/status-error.ts'
import {setServiceDefaults} from '../../api/serving/defaults.ts'
import {validateNameChange} from '../../api/serving/template-validation.ts'
import type {Service} from '../../api/serving/v1.ts'
import {isSameTemplate, withoutRevisionName} from '../service/named-template.ts'

/**
 * What becomes of a Service that is written in the place of another, as far as that can be told without
 * the server: a template that differs only by what the server fills in stays the stored one.
 *
 * Throws the webhook's `BadRequest` for a changed template under the name of the old one. ConfigMaps of
 * the cluster are not looked at.
 */
export function foretellService(before: Service, after: Service): Service {
  const defaulted = structuredClone(withoutRevisionName(after))
  setServiceDefaults(defaulted, {configs: defaultConfigs(), operation: 'UPDATE'})
  const [wanted, stored] = [after.spec.template, before.spec.template]
  const sameName = (wanted.metadata?.name ?? '') === (stored.metadata?.name ?? '')
  if (sameName && isSameTemplate(defaulted.spec.template, stored)) {
    return {...after, spec: {...after.spec, template: stored}}
  }
  const errors = validateNameChange(wanted, stored).viaField('spec.template')
  if (errors.isEmpty) return after
  throw failure(400, 'BadRequest', `validation failed: ${errors.toString()}`)
}

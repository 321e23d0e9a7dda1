import type {AdmissionPlugin} from '../../../api/admission.ts'
import type {ResourceType} from '../../../api/meta/resource-type.ts'
import type {ResourceRegistry} from '../request-context.ts'

/** Says to whoever creates an object of a kind without effect here that it has none. */
export function withoutEffect(registry: ResourceRegistry): AdmissionPlugin {
  const whyOf = ({group, version, plural}: ResourceType): string | undefined =>
    registry.find(group, version, plural)?.withoutEffect
  return {
    name: 'WithoutEffect',
    handles: ({operation, type, subresource}) =>
      operation === 'CREATE' && subresource === undefined && whyOf(type) !== undefined,
    validate: ({type}) => ({
      warnings: [`${type.kind} has no effect on this cluster: ${whyOf(type)}`],
    }),
  }
}

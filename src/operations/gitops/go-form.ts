import type {Container} from '../../api/core/v1.ts'
import type {Service} from '../../api/serving/v1.ts'

/** A container with the fields that Go writes even when they are empty. */
export function toGoContainer(container: Container): Container {
  return {name: '', resources: {}, ...container}
}

/**
 * A Service with the fields that Go writes even when they are empty, so that files and exports are
 * equal to those of kn; without what only a cluster knows.
 */
export function toGoForm({apiVersion, kind, metadata, spec}: Service): Service {
  const {name, namespace, labels, annotations} = metadata
  const {template} = spec
  return {
    apiVersion,
    kind,
    metadata: {
      creationTimestamp: null,
      name,
      ...(namespace !== undefined && {namespace}),
      ...(labels && Object.keys(labels).length > 0 && {labels}),
      ...(annotations && Object.keys(annotations).length > 0 && {annotations}),
    } as unknown as Service['metadata'],
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: {creationTimestamp: null, ...template.metadata} as object,
        spec: {
          ...template.spec,
          containers: template.spec.containers.map(toGoContainer),
        },
      },
    },
    status: {},
  }
}

import type {KubeObject} from '../../api/meta/object.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'

/** A stored child with the spec, labels and annotations it ought to have; undefined when it has them. */
export function overwriteDrift<T extends KubeObject & {spec: unknown}>(
  have: T,
  wanted: T,
): T | undefined {
  const {labels, annotations} = wanted.metadata
  if (
    semanticEqual(have.spec, wanted.spec) &&
    semanticEqual(have.metadata.labels, labels) &&
    semanticEqual(have.metadata.annotations, annotations)
  ) {
    return undefined
  }
  const {labels: _labels, annotations: _annotations, ...metadata} = have.metadata
  return {
    ...have,
    metadata: {
      ...metadata,
      ...(labels !== undefined && {labels}),
      ...(annotations !== undefined && {annotations}),
    },
    spec: wanted.spec,
  }
}

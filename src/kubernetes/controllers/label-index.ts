import type {KubeObject} from '../../api/meta/object.ts'
import type {Informer} from '../../controller/informer.ts'

const BY_LABEL = 'label'

/** One label of an object in a namespace, as an index key. */
export function labelKey(namespace: string | undefined, name: string, value: string): string {
  return `${namespace ?? ''}/${name}=${value}`
}

/** Makes the objects of an informer findable by each of their labels. */
export function indexByLabels<T extends KubeObject>(informer: Informer<T>): Informer<T> {
  informer.addIndex(BY_LABEL, ({metadata}) =>
    Object.entries(metadata.labels ?? {}).map(([name, value]) =>
      labelKey(metadata.namespace, name, value),
    ),
  )
  return informer
}

/**
 * Objects that carry the first pair of `wanted`: those that match all of it are among them. None
 * for an empty selector.
 */
export function candidates<T extends KubeObject>(
  informer: Informer<T>,
  namespace: string | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
): T[] {
  const key = selectorKey(namespace, wanted)
  return key === undefined ? [] : informer.byIndex(BY_LABEL, key)
}

/** The index key under which a selector is found by the labels of what it selects. */
export function selectorKey(
  namespace: string | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
): string | undefined {
  const pair = Object.entries(wanted ?? {})[0]
  return pair && labelKey(namespace, ...pair)
}

import type {ConfigStore} from '../../api/config/config-store.ts'
import {CONFIG_MAPS} from '../../api/core/v1.ts'
import type {InformerFactory} from '../../controller/informer.ts'

const SYSTEM_NAMESPACE = 'knative-serving'

/** Keeps the settings of Knative current: every change of a ConfigMap is in force at once. */
export function feedConfigs(
  informers: InformerFactory,
  configs: ConfigStore,
  onError: (component: string, key: string, error: unknown) => void,
): void {
  informers.of(CONFIG_MAPS).addHandler({
    onSet(configMap) {
      if (configMap.metadata.namespace !== SYSTEM_NAMESPACE) return
      try {
        configs.update(configMap)
      } catch (error) {
        // The webhook refuses bad ones; what gets past it (an older version's) changes nothing.
        onError('config', configMap.metadata.name, error)
      }
    },
  })
}

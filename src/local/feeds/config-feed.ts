import type {ConfigStore} from '../../api/config/config-store.ts'
import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import {CONFIG_MAPS} from '../../api/core/v1.ts'
import type {InformerFactory} from '../../controller/informer.ts'

/**
 * Keeps the settings of Knative current: every change of a ConfigMap is in force at once. A bad one
 * is reported to `onError`, and the value of before stays in force.
 */
export function feedConfigs(
  informers: InformerFactory,
  configs: ConfigStore,
  onError: (component: string, key: string, error: unknown) => void,
): void {
  informers.of(CONFIG_MAPS).addHandler({
    onSet(configMap) {
      if (configMap.metadata.namespace !== SYSTEM_NAMESPACE) return
      // The webhook refuses bad ones; what gets past it (an older version's) changes nothing.
      const problem = configs.update(configMap)
      if (problem !== undefined) onError('config', configMap.metadata.name, problem)
    },
  })
}

import {defaultConfigs} from '../../../../src/api/config/config-store.ts'
import {parseFeaturesConfig} from '../../../../src/api/config/features.ts'
import {parseDefaultsConfig} from '../../../../src/api/config/defaults.ts'
import {parseAutoscalerConfig} from '../../../../src/api/config/autoscaler.ts'
import type {AdmissionContext} from '../../../../src/api/serving/admission-context.ts'

const DEFAULTS = defaultConfigs()

/** A context with what ConfigMaps say in a test; all else is as in an empty cluster. */
export function admissionContext(
  configs: {
    readonly features?: Record<string, string>
    readonly defaults?: Record<string, string>
    readonly autoscaler?: Record<string, string>
  } = {},
  more: Partial<AdmissionContext> = {},
): AdmissionContext {
  return {
    configs: {
      autoscaler: configs.autoscaler
        ? parseAutoscalerConfig(configs.autoscaler)
        : DEFAULTS.autoscaler,
      defaults: configs.defaults ? parseDefaultsConfig(configs.defaults) : DEFAULTS.defaults,
      features: configs.features ? parseFeaturesConfig(configs.features) : DEFAULTS.features,
    },
    operation: 'CREATE',
    ...more,
  }
}

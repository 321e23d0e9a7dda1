/** Keys of Knative's ConfigMaps: what may be set, and what a change of them is. */
import {parseAutoscalerConfig} from '../../api/config/autoscaler.ts'
import {parseDefaultsConfig} from '../../api/config/defaults.ts'
import {parseDeploymentConfig} from '../../api/config/deployment.ts'
import {EXAMPLE_KEY} from '../../api/config/example.ts'
import {parseFeaturesConfig} from '../../api/config/features.ts'
import {parseGcConfig} from '../../api/config/gc.ts'
import {parseIstioConfig} from '../../api/config/istio.ts'
import {parseLeaderElectionConfig} from '../../api/config/leader-election.ts'
import {parseLoggingConfig} from '../../api/config/logging.ts'
import {parseNetworkConfig} from '../../api/config/network.ts'
import {parseObservabilityConfig} from '../../api/config/observability.ts'
import {parseTracingConfig} from '../../api/config/tracing.ts'
import type {ConfigSetting} from '../settings.ts'

type Data = Readonly<Record<string, string>>

const PARSERS: Readonly<Record<string, (data: Data) => unknown>> = {
  'config-autoscaler': parseAutoscalerConfig,
  'config-defaults': parseDefaultsConfig,
  'config-deployment': parseDeploymentConfig,
  'config-features': parseFeaturesConfig,
  'config-gc': parseGcConfig,
  'config-istio': parseIstioConfig,
  'config-leader-election': parseLeaderElectionConfig,
  'config-logging': parseLoggingConfig,
  'config-network': parseNetworkConfig,
  'config-observability': parseObservabilityConfig,
  'config-tracing': parseTracingConfig,
}

/** The ingress class of net-istio, which is also what an absent key means. */
const ISTIO_INGRESS_CLASS = 'istio.ingress.networking.knative.dev'
const INGRESS_CLASS_KEYS = ['ingress-class', 'ingress.class']

/** Reads `config-autoscaler/stable-window=30s`, or answers what is wrong with it. */
export function parseConfigSetting(text: string): ConfigSetting | {readonly problem: string} {
  const match = /^([^/=]+)\/([^=]+)=(.*)$/s.exec(text)
  if (match === null) {
    return {
      problem: `"${text}" is not CONFIGMAP/KEY=VALUE, like config-autoscaler/stable-window=30s`,
    }
  }
  const [, given = '', key = '', value = ''] = match
  const configMap = given.startsWith('config-') ? given : `config-${given}`
  if (configMap === 'config-domain') return {problem: 'domains are set by --domain'}
  if (!Object.hasOwn(PARSERS, configMap)) {
    return {problem: `there is no ${configMap}; there are: ${Object.keys(PARSERS).join(', ')}`}
  }
  if (key === EXAMPLE_KEY) return {problem: `${EXAMPLE_KEY} is documentation; nobody reads it`}
  return {configMap, key, value}
}

/**
 * Why Knative would refuse, or silently ignore, `data` with these settings; undefined if neither.
 *
 * The texts are those of Knative's own webhook.
 */
export function configProblem(
  configMap: string,
  data: Data,
  settings: readonly ConfigSetting[],
): string | undefined {
  const merged = {...data, ...Object.fromEntries(settings.map(({key, value}) => [key, value]))}
  if (configMap === 'config-features') {
    const wrong = settings.find(({value}) => !/^(enabled|disabled|allowed)$/i.test(value))
    if (wrong !== undefined) {
      return `${wrong.key}=${wrong.value}: only enabled, allowed and disabled mean something`
    }
  }
  try {
    PARSERS[configMap]?.(merged)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * The keys of `settings` that the ConfigMap's own documentation does not mention: misspelt ones
 * have no effect. Empty where there is no documentation.
 */
export function undocumentedKeys(data: Data, settings: readonly ConfigSetting[]): string[] {
  const example = data[EXAMPLE_KEY]
  if (example === undefined) return []
  const mentioned = new Set(
    [...example.matchAll(/^\s*#?\s*"?([\w.-]+)"?\s*:/gm)].map(([, key = '']) => key),
  )
  return settings.map(({key}) => key).filter((key) => !mentioned.has(key))
}

/** The merge patch of a ConfigMap's data, only what differs. */
export function configPatch(
  data: Data | undefined,
  settings: readonly ConfigSetting[],
): Record<string, string> {
  return Object.fromEntries(
    settings.filter(({key, value}) => data?.[key] !== value).map(({key, value}) => [key, value]),
  )
}

/** Settings that net-istio needs and that another networking layer may have left otherwise. */
export function neededNetworkSettings(data: Data | undefined): ConfigSetting[] {
  return INGRESS_CLASS_KEYS.filter(
    (key) => data?.[key] !== undefined && data[key] !== ISTIO_INGRESS_CLASS,
  ).map((key) => ({configMap: 'config-network', key, value: ISTIO_INGRESS_CLASS}))
}

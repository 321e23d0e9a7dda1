/** Keys of Knative's ConfigMaps: what may be set, and what a change of them is. */
import {EXAMPLE_KEY} from '../../api/config/example.ts'
import {CONFIG_PARSERS} from '../../api/config/config-store.ts'
import {CONFIG_DOMAIN} from '../../api/config/system-namespace.ts'
import {ISTIO_INGRESS_CLASS} from '../../api/networking/names.ts'
import type {ConfigSetting} from '../settings.ts'

type Data = Readonly<Record<string, string>>

const SETTABLE = Object.keys(CONFIG_PARSERS).filter((name) => name !== CONFIG_DOMAIN.name)

/** The ConfigMap of what all networking layers share. */
export const CONFIG_NETWORK = 'config-network'

/** An absent key means the ingress class of net-istio, too. */
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
  if (configMap === CONFIG_DOMAIN.name) return {problem: 'domains are set by --domain'}
  if (!SETTABLE.includes(configMap)) {
    return {problem: `there is no ${configMap}; there are: ${SETTABLE.join(', ')}`}
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
    CONFIG_PARSERS[configMap as keyof typeof CONFIG_PARSERS]?.parse(merged)
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
  ).map((key) => ({configMap: CONFIG_NETWORK, key, value: ISTIO_INGRESS_CLASS}))
}

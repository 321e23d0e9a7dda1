import type {ConfigMap} from '../core/v1.ts'
import {type AutoscalerConfig, parseAutoscalerConfig} from './autoscaler.ts'
import type {ConfigData} from './config-data.ts'
import {type DefaultsConfig, parseDefaultsConfig} from './defaults.ts'
import {type DeploymentConfig, parseDeploymentConfig} from './deployment.ts'
import {type DomainConfig, parseDomainConfig} from './domain.ts'
import {checkExample} from './example.ts'
import {type FeaturesConfig, parseFeaturesConfig} from './features.ts'
import {type GcConfig, parseGcConfig} from './gc.ts'
import {type IstioConfig, parseIstioConfig} from './istio.ts'
import {type LeaderElectionConfig, parseLeaderElectionConfig} from './leader-election.ts'
import {type LoggingConfig, parseLoggingConfig} from './logging.ts'
import {type NetworkConfig, parseNetworkConfig} from './network.ts'
import {type ObservabilityConfig, parseObservabilityConfig} from './observability.ts'
import {parseTracingConfig, type TracingConfig} from './tracing.ts'

/** What every ConfigMap of knative-serving says at one moment. */
export interface ConfigSnapshot {
  readonly autoscaler: AutoscalerConfig
  readonly defaults: DefaultsConfig
  readonly deployment: DeploymentConfig
  readonly domain: DomainConfig
  readonly features: FeaturesConfig
  readonly gc: GcConfig
  readonly istio: IstioConfig
  readonly leaderElection: LeaderElectionConfig
  readonly logging: LoggingConfig
  readonly network: NetworkConfig
  readonly observability: ObservabilityConfig
  readonly tracing: TracingConfig
}

/** From the name of a ConfigMap to its entry in a snapshot and its parser. */
export const CONFIG_PARSERS: {
  readonly [name: `config-${string}`]: {
    readonly entry: keyof ConfigSnapshot
    readonly parse: (data: ConfigData) => ConfigSnapshot[keyof ConfigSnapshot]
  }
} = {
  'config-autoscaler': {entry: 'autoscaler', parse: parseAutoscalerConfig},
  'config-defaults': {entry: 'defaults', parse: parseDefaultsConfig},
  'config-deployment': {entry: 'deployment', parse: parseDeploymentConfig},
  'config-domain': {entry: 'domain', parse: parseDomainConfig},
  'config-features': {entry: 'features', parse: parseFeaturesConfig},
  'config-gc': {entry: 'gc', parse: parseGcConfig},
  'config-istio': {entry: 'istio', parse: parseIstioConfig},
  'config-leader-election': {entry: 'leaderElection', parse: parseLeaderElectionConfig},
  'config-logging': {entry: 'logging', parse: parseLoggingConfig},
  'config-network': {entry: 'network', parse: parseNetworkConfig},
  'config-observability': {entry: 'observability', parse: parseObservabilityConfig},
  'config-tracing': {entry: 'tracing', parse: parseTracingConfig},
}

/** What every ConfigMap says while it is empty. The queue-proxy's image is the one thing it must say. */
export function defaultConfigs(queueSidecarImage = 'queue-proxy'): ConfigSnapshot {
  return {
    autoscaler: parseAutoscalerConfig({}),
    defaults: parseDefaultsConfig({}),
    deployment: parseDeploymentConfig({'queue-sidecar-image': queueSidecarImage}),
    domain: parseDomainConfig({}),
    features: parseFeaturesConfig({}),
    gc: parseGcConfig({}),
    istio: parseIstioConfig({}),
    leaderElection: parseLeaderElectionConfig({}),
    logging: parseLoggingConfig({}),
    network: parseNetworkConfig({}),
    observability: parseObservabilityConfig({}),
    tracing: parseTracingConfig({}),
  }
}

function parserOf(name: string): (typeof CONFIG_PARSERS)[`config-${string}`] | undefined {
  return Object.hasOwn(CONFIG_PARSERS, name)
    ? CONFIG_PARSERS[name as `config-${string}`]
    : undefined
}

/**
 * Judges a ConfigMap before it is stored; one that nobody here reads is fine.
 *
 * @throws Error with the text of upstream.
 */
export function validateConfigMap(configMap: ConfigMap): void {
  const parser = parserOf(configMap.metadata.name)
  if (parser === undefined) return
  checkExample(configMap)
  parser.parse(configMap.data ?? {})
}

/** Told when a ConfigMap came to say something else; `entry` is what changed. */
export type ConfigListener = (snapshot: ConfigSnapshot, entry: keyof ConfigSnapshot) => void

/**
 * The last good value of each ConfigMap.
 *
 * - A bad ConfigMap changes nothing; `update` tells why.
 * - A snapshot never changes: readers that keep one see one moment.
 * - Listeners run inside `update`, in the order they were added, and must not throw.
 */
export class ConfigStore {
  #snapshot: ConfigSnapshot
  readonly #versions = new Map<keyof ConfigSnapshot, string>()
  readonly #listeners = new Set<ConfigListener>()

  /** Starts with what empty ConfigMaps say. */
  constructor(initial: ConfigSnapshot = defaultConfigs()) {
    this.#snapshot = initial
  }

  /** What is in force. */
  snapshot(): ConfigSnapshot {
    return this.#snapshot
  }

  /** Calls `listener` at every change from now on. The caller calls the result once to end that. */
  onChange(listener: ConfigListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /**
   * Takes over a ConfigMap of knative-serving. One that nobody here reads, or whose data is as it
   * was, changes nothing.
   *
   * Returns what is wrong with it, for the log; undefined when it is fine.
   */
  update(configMap: ConfigMap): Error | undefined {
    const parser = parserOf(configMap.metadata.name)
    if (parser === undefined) return undefined
    const version = JSON.stringify(configMap.data ?? {})
    if (this.#versions.get(parser.entry) === version) return undefined
    try {
      const value = parser.parse(configMap.data ?? {})
      this.#versions.set(parser.entry, version)
      this.#snapshot = {...this.#snapshot, [parser.entry]: value}
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
    for (const listener of this.#listeners) listener(this.#snapshot, parser.entry)
    return undefined
  }
}

/** `config-features`. Counterpart of knative.dev/serving `pkg/apis/config` (features). */
import {type ConfigData, ConfigReader} from './config-data.ts'

/** `Allowed` neither forces nor forbids: a field or an annotation may ask for it. */
export type Flag = 'Enabled' | 'Allowed' | 'Disabled'

const FLAGS: readonly Flag[] = ['Enabled', 'Allowed', 'Disabled']

/** Each feature: its key and what it is when nobody sets it. */
const FEATURES = {
  multiContainer: ['multi-container', 'Enabled'],
  podSpecAffinity: ['kubernetes.podspec-affinity', 'Disabled'],
  podSpecTopologySpreadConstraints: ['kubernetes.podspec-topologyspreadconstraints', 'Disabled'],
  podSpecDryRun: ['kubernetes.podspec-dryrun', 'Allowed'],
  podSpecHostAliases: ['kubernetes.podspec-hostaliases', 'Disabled'],
  podSpecFieldRef: ['kubernetes.podspec-fieldref', 'Disabled'],
  podSpecNodeSelector: ['kubernetes.podspec-nodeselector', 'Disabled'],
  podSpecRuntimeClassName: ['kubernetes.podspec-runtimeclassname', 'Disabled'],
  podSpecSecurityContext: ['kubernetes.podspec-securitycontext', 'Disabled'],
  podSpecShareProcessNamespace: ['kubernetes.podspec-shareprocessnamespace', 'Disabled'],
  podSpecPriorityClassName: ['kubernetes.podspec-priorityclassname', 'Disabled'],
  podSpecSchedulerName: ['kubernetes.podspec-schedulername', 'Disabled'],
  containerSpecAddCapabilities: ['kubernetes.containerspec-addcapabilities', 'Disabled'],
  podSpecTolerations: ['kubernetes.podspec-tolerations', 'Disabled'],
  podSpecVolumesEmptyDir: ['kubernetes.podspec-volumes-emptydir', 'Enabled'],
  podSpecInitContainers: ['kubernetes.podspec-init-containers', 'Disabled'],
  podSpecPersistentVolumeClaim: ['kubernetes.podspec-persistent-volume-claim', 'Disabled'],
  podSpecPersistentVolumeWrite: ['kubernetes.podspec-persistent-volume-write', 'Disabled'],
  podSpecDnsPolicy: ['kubernetes.podspec-dnspolicy', 'Disabled'],
  podSpecDnsConfig: ['kubernetes.podspec-dnsconfig', 'Disabled'],
  securePodDefaults: ['secure-pod-defaults', 'Disabled'],
  tagHeaderBasedRouting: ['tag-header-based-routing', 'Disabled'],
  queueProxyResourceDefaults: ['queueproxy.resource-defaults', 'Disabled'],
  queueProxyMountPodInfo: ['queueproxy.mount-podinfo', 'Disabled'],
  autoDetectHttp2: ['autodetect-http2', 'Disabled'],
} as const satisfies Record<string, readonly [key: string, fallback: Flag]>

/** Which optional behaviour is on. */
export type FeaturesConfig = {readonly [feature in keyof typeof FEATURES]: Flag}

/** The key of a feature in `config-features`. */
export function featureKey(feature: keyof FeaturesConfig): string {
  return FEATURES[feature][0]
}

/** Reads `config-features`. Never throws: a value nobody knows leaves the default in place. */
export function parseFeaturesConfig(data: ConfigData): FeaturesConfig {
  const read = new ConfigReader(data)
  return Object.fromEntries(
    Object.entries(FEATURES).map(([feature, [key, fallback]]) => [
      feature,
      read.choice(key, FLAGS, fallback),
    ]),
  ) as unknown as FeaturesConfig
}

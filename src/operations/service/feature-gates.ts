/**
 * Fields that a cluster accepts only if a feature of `config-features` lets them in: found before
 * anything is sent, so that the answer can say how to turn the feature on.
 */
import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import {type FeaturesConfig, featureKey, parseFeaturesConfig} from '../../api/config/features.ts'
import {CONFIG_MAPS, type Container, type PodSpec} from '../../api/core/v1.ts'
import {StatusError} from '../../api/meta/status-error.ts'
import {POD_FIELDS_BY_FEATURE} from '../../api/serving/field-masks.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'

/** A feature that a pod spec cannot do without. */
export interface NeededFeature {
  readonly feature: keyof FeaturesConfig
  /** The field that needs it, as it is written in a pod spec. */
  readonly field: string
  /** Whether `Allowed` is enough: it lets fields in, but does not switch behaviour on. */
  readonly allowedIsEnough: boolean
}

/**
 * The features a pod spec needs, in the order in which its fields are looked at; each once.
 *
 * | field                                   | feature                                    |
 * |-----------------------------------------|--------------------------------------------|
 * | nodeSelector, affinity, tolerations, …  | that of {@link POD_FIELDS_BY_FEATURE}      |
 * | several containers                      | multi-container                            |
 * | volumes: emptyDir                       | kubernetes.podspec-volumes-emptydir        |
 * | volumes: persistentVolumeClaim          | kubernetes.podspec-persistent-volume-claim |
 * | … that is not read-only                 | kubernetes.podspec-persistent-volume-write |
 * | env: fieldRef, resourceFieldRef         | kubernetes.podspec-fieldref                |
 * | securityContext: capabilities that add  | kubernetes.containerspec-addcapabilities   |
 */
export function neededFeatures(spec: PodSpec): NeededFeature[] {
  const needed = new Map<keyof FeaturesConfig, NeededFeature>()
  const need = (feature: keyof FeaturesConfig, field: string, allowedIsEnough = false): void => {
    if (!needed.has(feature)) needed.set(feature, {feature, field, allowedIsEnough})
  }
  for (const [field, feature] of POD_FIELDS_BY_FEATURE) {
    // Secure defaults let some of securityContext in, which only the server can tell apart.
    if (feature === 'securePodDefaults' || isUnset(spec[field])) continue
    need(feature, field, feature !== 'podSpecInitContainers')
  }
  const containers = listOf(spec.containers)
  if (containers.length > 1) need('multiContainer', 'containers')
  for (const {emptyDir, persistentVolumeClaim: claim} of listOf(spec.volumes)) {
    if (!isMissing(emptyDir)) need('podSpecVolumesEmptyDir', 'volumes.emptyDir')
    if (isMissing(claim)) continue
    need('podSpecPersistentVolumeClaim', 'volumes.persistentVolumeClaim')
    if ((claim as {readOnly?: boolean}).readOnly !== true) {
      need('podSpecPersistentVolumeWrite', 'volumes.persistentVolumeClaim without readOnly')
    }
  }
  for (const container of [...containers, ...listOf(spec.initContainers)]) {
    if (readsFields(container)) need('podSpecFieldRef', 'env.valueFrom.fieldRef', true)
    const {capabilities} = (container.securityContext ?? {}) as {capabilities?: {add?: unknown}}
    if (!isUnset(capabilities?.add)) {
      need('containerSpecAddCapabilities', 'securityContext.capabilities.add')
    }
  }
  return [...needed.values()]
}

function readsFields({env}: Container): boolean {
  return listOf(env).some(({valueFrom}) => valueFrom?.fieldRef ?? valueFrom?.resourceFieldRef)
}

// A document may have anything where a list belongs; that is for the server to refuse.
function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : []
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null
}

function isUnset(value: unknown): boolean {
  if (isMissing(value) || value === '') return true
  return typeof value === 'object' && Object.keys(value as object).length === 0
}

/** Those of the needed features that are not on. */
export function missingFeatures(
  needed: readonly NeededFeature[],
  features: FeaturesConfig,
): NeededFeature[] {
  return needed.filter(({feature, allowedIsEnough}) => {
    if (feature === 'podSpecSecurityContext' && features.securePodDefaults !== 'Disabled') {
      return false
    }
    const flag = features[feature]
    return allowedIsEnough ? flag === 'Disabled' : flag !== 'Enabled'
  })
}

/**
 * Throws `KN_USAGE`, with the command that mends it, when the cluster would refuse the pod spec.
 *
 * Asks for `config-features` only if the spec needs a feature at all, and leaves it to the server
 * where that may not be read.
 */
export async function checkFeatures(client: Client, spec: PodSpec): Promise<void> {
  const needed = neededFeatures(spec)
  if (needed.length === 0) return
  const data = await readFeatures(client)
  if (data === undefined) return
  const missing = missingFeatures(needed, parseFeaturesConfig(data))
  const [first] = missing
  if (first === undefined) return
  const keys = missing.map(({feature}) => featureKey(feature))
  const fields = missing.map(({field}) => field).join(', ')
  const patch = JSON.stringify({data: Object.fromEntries(keys.map((key) => [key, 'enabled']))})
  throw new KntoolError(
    'KN_USAGE',
    `This cluster does not accept ${fields}: ${keys.join(', ')} ` +
      `${keys.length === 1 ? 'is' : 'are'} not enabled.`,
    {
      hint: `Enable it: kubectl patch configmap config-features -n ${SYSTEM_NAMESPACE} --type merge -p '${patch}'`,
      details: {fields: missing.map(({field}) => field), features: keys},
    },
  )
}

async function readFeatures(client: Client): Promise<Record<string, string> | undefined> {
  try {
    const key = {namespace: SYSTEM_NAMESPACE, name: 'config-features'}
    return (await client.get(CONFIG_MAPS, key)).data ?? {}
  } catch (error) {
    if (error instanceof StatusError) return undefined
    throw error
  }
}

/** Runs writes through the webhook alone, the way an API server would. */
import type {AdmissionPlugin, AdmissionRequest} from '../../../src/api/admission.ts'
import {RefusalWithWarnings} from '../../../src/api/admission.ts'
import {type ConfigSnapshot, defaultConfigs} from '../../../src/api/config/config-store.ts'
import {CONFIG_MAPS} from '../../../src/api/core/v1.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import type {ResourceType} from '../../../src/api/meta/resource-type.ts'
import {StatusError} from '../../../src/api/meta/status-error.ts'
import {POD_AUTOSCALERS} from '../../../src/api/autoscaling/v1alpha1.ts'
import {
  CONFIGURATIONS,
  DOMAIN_MAPPINGS,
  REVISIONS,
  ROUTES,
  SERVICES,
} from '../../../src/api/serving/v1.ts'
import {createKnativeAdmission} from '../../../src/knative/webhook/admission.ts'

/** What came of a write. */
export interface Verdict {
  readonly warnings: readonly string[]
  /** Why it was refused. */
  readonly message?: string
  readonly error?: StatusError
  /** The object as it would be stored. */
  readonly stored?: KubeObject & Record<string, unknown>
}

const TYPES: Readonly<Record<string, ResourceType>> = {
  Service: SERVICES,
  Configuration: CONFIGURATIONS,
  Revision: REVISIONS,
  Route: ROUTES,
  DomainMapping: DOMAIN_MAPPINGS,
  PodAutoscaler: POD_AUTOSCALERS,
  ConfigMap: CONFIG_MAPS,
}

/** Creates `object`, or updates `old` to it, as the user of the recordings. */
export async function admit(
  object: KubeObject,
  old?: KubeObject,
  configs: ConfigSnapshot = defaultConfigs(),
): Promise<Verdict> {
  const plugins = createKnativeAdmission({configs: () => configs})
  const draft = structuredClone(object)
  const request: AdmissionRequest = {
    operation: old === undefined ? 'CREATE' : 'UPDATE',
    type: TYPES[object.kind] ?? SERVICES,
    ...(object.metadata.namespace !== undefined && {namespace: object.metadata.namespace}),
    name: object.metadata.name,
    object: draft,
    ...(old !== undefined && {oldObject: deepFreeze(structuredClone(old))}),
    user: {username: 'lab-admin', groups: ['system:masters']},
    dryRun: false,
  }
  const warnings: string[] = []
  try {
    for (const plugin of chosen(plugins, request)) await plugin.mutate?.(request)
    setSchemaDefaults(draft)
    for (const plugin of chosen(plugins, request)) {
      const response = await plugin.validate?.(request)
      warnings.push(...(response?.warnings ?? []))
    }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error instanceof RefusalWithWarnings) warnings.push(...error.warnings)
    return {warnings, message: error.message, error}
  }
  return {warnings, stored: draft as KubeObject & Record<string, unknown>}
}

function chosen(plugins: readonly AdmissionPlugin[], request: AdmissionRequest): AdmissionPlugin[] {
  return plugins.filter((plugin) => plugin.handles(request))
}

/** The one default that the custom resource definitions have. */
function setSchemaDefaults(object: KubeObject): void {
  for (const port of portsOf(object)) port['protocol'] ??= 'TCP'
}

function portsOf(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === 'ports' && Array.isArray(inner) ? (inner as Record<string, unknown>[]) : portsOf(inner),
  )
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

/** Applies a merge patch (RFC 7396). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const merged: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? {...target} : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

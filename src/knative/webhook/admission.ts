import {
  type AdmissionPlugin,
  type AdmissionRequest,
  type AdmissionResponse,
  RefusalWithWarnings,
} from '../../api/admission.ts'
import type {ConfigSnapshot} from '../../api/config/config-store.ts'
import {formatProblem} from '../../api/field-error.ts'
import {roundTrip} from '../../api/go-types/round-trip.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import type {AdmissionContext} from '../../api/serving/admission-context.ts'
import {configMapAdmission} from './config-map-admission.ts'
import {denial} from '../../api/admission-denial.ts'
import {messageOf} from '../../util/message-of.ts'
import {deploymentAdmission} from './deployment-admission.ts'
import {webhookKindOf} from './kinds.ts'
import {type PodSpecDryRun, templateToTry, wantsDryRun} from './pod-spec-dry-run.ts'

/** What the webhook needs from the cluster around it. */
export interface KnativeAdmissionOptions {
  /** The ConfigMaps in force, asked anew for each write. */
  readonly configs: () => Pick<ConfigSnapshot, 'autoscaler' | 'defaults' | 'features'>
  /** Where it is missing, `kubernetes.podspec-dryrun` has no effect. */
  readonly dryRunPodSpec?: PodSpecDryRun
}

const DEFAULTING = 'webhook.serving.knative.dev'
const VALIDATION = 'validation.webhook.serving.knative.dev'

/**
 * The webhooks of knative-serving and net-istio, as plugins of the embedded API server: defaults and
 * rules for every kind of Knative, rules for its ConfigMaps, labels on the Deployments of revisions.
 *
 * Counterpart of knative.dev/serving `cmd/webhook` and net-istio `cmd/webhook`.
 */
export function createKnativeAdmission(options: KnativeAdmissionOptions): AdmissionPlugin[] {
  return [servingAdmission(options), deploymentAdmission, configMapAdmission]
}

function servingAdmission({configs, dryRunPodSpec}: KnativeAdmissionOptions): AdmissionPlugin {
  const contextOf = (request: AdmissionRequest): AdmissionContext => ({
    configs: configs(),
    operation: request.operation === 'CREATE' ? 'CREATE' : 'UPDATE',
    username: request.user.username,
  })
  return {
    name: VALIDATION,

    // Status updates change neither metadata nor spec; nothing could come of judging them again.
    handles: ({operation, type, subresource}) =>
      subresource === undefined && operation !== 'DELETE' && webhookKindOf(type) !== undefined,

    mutate(request) {
      const {object, oldObject, type} = request
      const kind = webhookKindOf(type)
      if (object === undefined || kind === undefined) return
      try {
        roundTrip(kind.type, object as KubeObject & Record<string, unknown>)
      } catch (error) {
        const why = `cannot decode incoming new object: ${messageOf(error)}`
        throw denial(DEFAULTING, `mutation failed: ${why}`)
      }
      kind.setDefaults(object, contextOf(request), oldObject)
    },

    validate(request) {
      const {object, oldObject, type} = request
      const kind = webhookKindOf(type)
      if (object === undefined || kind === undefined) return undefined
      const context = contextOf(request)
      const found = kind.validate(object, context, oldObject)
      const warnings = found.filter('warning').merged().map(formatProblem)
      const errors = found.filter('error')
      if (!errors.isEmpty) {
        const refusal = denial(VALIDATION, `validation failed: ${errors.toString()}`)
        throw warnings.length === 0 ? refusal : new RefusalWithWarnings(refusal, warnings)
      }
      const response: AdmissionResponse = warnings.length === 0 ? {} : {warnings}
      if (dryRunPodSpec === undefined || !wantsDryRun(object, context.configs.features)) {
        return response
      }
      return tryPodSpec(dryRunPodSpec, object, oldObject, response)
    },
  }
}

async function tryPodSpec(
  dryRun: PodSpecDryRun,
  object: KubeObject,
  old: KubeObject | undefined,
  response: AdmissionResponse,
): Promise<AdmissionResponse> {
  const template = templateToTry(object, old)
  if (template === undefined) return response
  const objection = await dryRun(template, object.metadata.namespace ?? 'default')
  if (objection === undefined) return response
  const refusal = denial(
    VALIDATION,
    `validation callback failed: dry run failed with ${objection}: spec.template`,
  )
  throw new RefusalWithWarnings(refusal, response.warnings ?? [])
}

import {messageOf} from '../../../util/message-of.ts'
import {
  type AdmissionPlugin,
  type AdmissionRequest,
  RefusalWithWarnings,
} from '../../../api/admission.ts'
import type {KubeObject, StatusReason} from '../../../api/meta/object.ts'
import {failure, type StatusError} from '../../../api/meta/status-error.ts'
import {patchJson} from '../../patch/json-patch.ts'
import {forbiddenObject, internalError} from '../errors.ts'
import {asJson, cloneJson, isJsonObject, jsonEqual} from '../json-value.ts'
import type {ServiceAccess} from '../service-access.ts'
import {meetsConditions} from './match-conditions.ts'
import {runMutation} from './mutation-rounds.ts'
import {callWebhook, reviewedRequest, type Verdict} from './webhook-call.ts'
import type {Webhook, WebhookKind, WebhookRegistry} from './webhook-registry.ts'

/** Before there is a network, every Service is one of this program's own. */
const NO_SERVICES: ServiceAccess = {connect: () => Promise.resolve('in-process')}

/**
 * Asks the webhooks of the stored configurations: the mutating ones one after the
 * other, each seeing what the one before did; then all validating ones at once. `complete` is what
 * the server itself does with an object that a webhook has changed.
 *
 * Counterpart of k8s.io/apiserver `admission/plugin/webhook`.
 */
export function webhookAdmission(
  registry: WebhookRegistry,
  services: () => ServiceAccess | undefined,
  complete: (request: AdmissionRequest) => Promise<void>,
): AdmissionPlugin {
  const matching = (kind: WebhookKind, request: AdmissionRequest): Webhook[] =>
    registry.matching(kind, request)
  return {
    name: 'Webhooks',
    handles: (request) =>
      matching('mutating', request).length > 0 || matching('validating', request).length > 0,
    async mutate(request) {
      const {object} = request
      if (object === undefined) return undefined
      const warnings: string[] = []
      await runMutation({
        webhooks: matching('mutating', request),
        async complete() {
          const before = cloneJson(object)
          await complete(request)
          return !jsonEqual(before, object)
        },
        async apply(webhook) {
          const verdict = await ask(webhook, request, services() ?? NO_SERVICES)
          warnings.push(...(verdict?.warnings ?? []))
          if (verdict?.patch === undefined) return false
          const patched = patchJson(cloneJson(object), verdict.patch)
          if (jsonEqual(patched, object)) return false
          replaceBy(object, patched)
          return true
        },
      })
      return {warnings}
    },
    async validate(request) {
      const webhooks = matching('validating', request)
      const verdicts = await Promise.all(
        webhooks.map((webhook) => ask(webhook, request, services() ?? NO_SERVICES)),
      )
      return {warnings: verdicts.flatMap((verdict) => [...(verdict?.warnings ?? [])])}
    },
  }
}

/** The verdict of a webhook that allows; undefined where it is not asked. Throws a refusal. */
async function ask(
  webhook: Webhook,
  request: AdmissionRequest,
  services: ServiceAccess,
): Promise<Verdict | undefined> {
  if (!isWanted(webhook, request)) return undefined
  if (request.dryRun && !webhook.hasNoSideEffects) {
    throw failure(400, 'BadRequest', `admission webhook "${webhook.name}" does not support dry run`)
  }
  let verdict: Verdict | undefined
  try {
    verdict = await callWebhook(webhook, request, services)
  } catch (error) {
    if (webhook.ignoresFailure) return undefined
    throw internalError(new Error(`failed calling webhook "${webhook.name}": ${messageOf(error)}`))
  }
  if (verdict === undefined || verdict.allowed) return verdict
  throw new RefusalWithWarnings(refusal(webhook, verdict), verdict.warnings)
}

/** Whether the conditions of a webhook let it see a write. */
function isWanted({matchConditions, ignoresFailure}: Webhook, request: AdmissionRequest): boolean {
  try {
    return meetsConditions(matchConditions, () => {
      const seen = reviewedRequest(request, '')
      return {object: seen.object, oldObject: seen.oldObject, request: seen}
    })
  } catch (error) {
    if (ignoresFailure) return false
    throw forbiddenObject(request.type, request.name, messageOf(error))
  }
}

function refusal({name}: Webhook, {message, reason, code = 403}: Verdict): StatusError {
  const denied = `admission webhook "${name}" denied the request`
  if (message !== '') {
    return failure(code, (reason || reasonOf(code)) as StatusReason, `${denied}: ${message}`)
  }
  return reason === ''
    ? failure(code, reasonOf(code), `${denied} without explanation`)
    : failure(code, reason as StatusReason, `${denied}: ${reason}`)
}

function reasonOf(code: number): StatusReason {
  return code === 403 ? 'Forbidden' : code === 400 ? 'BadRequest' : ''
}

/** Plugins change the object they are given, so that its fields are replaced and not it. */
function replaceBy(object: KubeObject, patched: unknown): void {
  if (!isJsonObject(patched)) throw internalError(new Error('the patch leaves no object'))
  const target = asJson(object)
  for (const name of Object.keys(target)) if (!(name in patched)) delete target[name]
  Object.assign(target, patched)
}

import type {AdmissionRequest} from '../../../api/admission.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import type {Storage} from '../../storage/storage.ts'
import {
  asJson,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import {type MatchCondition, readMatchConditions} from './match-conditions.ts'
import {readTarget, type WebhookTarget} from './webhook-target.ts'
import {isEmptySelector, selectorMatches} from '../validation/label-selector.ts'

/** Which of the two kinds of webhook configuration. */
export type WebhookKind = 'mutating' | 'validating'

/** A webhook, ready to be matched and called. */
export interface Webhook {
  readonly name: string
  readonly target: WebhookTarget
  /** PEM of the authority that the server's certificate comes from; empty for the system's. */
  readonly ca: string
  readonly timeoutMs: number
  readonly ignoresFailure: boolean
  /** May be called on a dry run, because it changes nothing elsewhere. */
  readonly hasNoSideEffects: boolean
  readonly rules: readonly JsonObject[]
  readonly namespaceSelector: JsonObject
  readonly objectSelector: JsonObject
  readonly matchConditions: readonly MatchCondition[]
  /** Whether it wants to see again what others changed after it. */
  readonly isReinvocable: boolean
}

/** The webhooks that are configured, by the name of their configuration. */
export class WebhookRegistry {
  readonly #storage: Storage
  readonly #webhooks: Readonly<Record<WebhookKind, Map<string, readonly Webhook[]>>> = {
    mutating: new Map(),
    validating: new Map(),
  }

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** Takes up a configuration in the place of its older self. */
  set(kind: WebhookKind, configuration: KubeObject): void {
    const webhooks = objectsAt(asJson(configuration), 'webhooks').flatMap(readWebhook)
    if (webhooks.length === 0) this.#webhooks[kind].delete(configuration.metadata.name)
    else this.#webhooks[kind].set(configuration.metadata.name, webhooks)
  }

  remove(kind: WebhookKind, configuration: KubeObject): void {
    this.#webhooks[kind].delete(configuration.metadata.name)
  }

  /** The webhooks that want to see a write, in the order of the names of their configurations. */
  matching(kind: WebhookKind, request: AdmissionRequest): Webhook[] {
    const all = this.#webhooks[kind]
    if (all.size === 0) return []
    const names = [...all.keys()].toSorted()
    return names.flatMap((name) =>
      (all.get(name) ?? []).filter((hook) => this.#wants(hook, request)),
    )
  }

  #wants(webhook: Webhook, request: AdmissionRequest): boolean {
    // A webhook could make its own configuration impossible to repair.
    if (request.type.group === 'admissionregistration.k8s.io') return false
    if (!webhook.rules.some((rule) => ruleMatches(rule, request))) return false
    if (!isEmptySelector(webhook.namespaceSelector)) {
      const labels = this.#namespaceLabels(request)
      if (labels !== undefined && !selectorMatches(webhook.namespaceSelector, labels)) return false
    }
    if (isEmptySelector(webhook.objectSelector)) return true
    return [request.object, request.oldObject].some(
      (object) =>
        object !== undefined &&
        selectorMatches(webhook.objectSelector, objectAt(asJson(object.metadata), 'labels')),
    )
  }

  /** The labels of the namespace a write is in; undefined for what is in none. */
  #namespaceLabels({type, namespace, object, oldObject}: AdmissionRequest): JsonObject | undefined {
    if (type.group === '' && type.kind === 'Namespace') {
      const own = object ?? oldObject
      return own === undefined ? {} : objectAt(asJson(own.metadata), 'labels')
    }
    if (namespace === undefined) return undefined
    const stored = this.#storage.get(`/core/namespaces/${namespace}`)?.object
    return stored === undefined ? {} : objectAt(asJson(stored.metadata), 'labels')
  }
}

function readWebhook(webhook: JsonObject): Webhook[] {
  const client = objectAt(webhook, 'clientConfig')
  const target = readTarget(client)
  if (target === undefined) return []
  const sideEffects = stringAt(webhook, 'sideEffects')
  return [
    {
      name: stringAt(webhook, 'name'),
      target,
      ca: Buffer.from(stringAt(client, 'caBundle'), 'base64').toString('utf8'),
      timeoutMs: (numberAt(webhook, 'timeoutSeconds') ?? 10) * 1000,
      ignoresFailure: webhook['failurePolicy'] === 'Ignore',
      hasNoSideEffects: sideEffects === 'None' || sideEffects === 'NoneOnDryRun',
      rules: objectsAt(webhook, 'rules'),
      namespaceSelector: objectAt(webhook, 'namespaceSelector'),
      objectSelector: objectAt(webhook, 'objectSelector'),
      matchConditions: readMatchConditions(webhook),
      isReinvocable: webhook['reinvocationPolicy'] === 'IfNeeded',
    },
  ]
}

function ruleMatches(rule: JsonObject, {operation, type, subresource}: AdmissionRequest): boolean {
  const scope = stringAt(rule, 'scope')
  return (
    includes(stringsAt(rule, 'operations'), operation) &&
    includes(stringsAt(rule, 'apiGroups'), type.group) &&
    includes(stringsAt(rule, 'apiVersions'), type.version) &&
    (scope === '' || scope === '*' || (scope === 'Namespaced') === type.namespaced) &&
    stringsAt(rule, 'resources').some((text) => resourceMatches(text, type.plural, subresource))
  )
}

function includes(wanted: readonly string[], value: string): boolean {
  return wanted.includes('*') || wanted.includes(value)
}

/** The resource and the subresource of a rule; each may be an asterisk. */
function resourceMatches(text: string, plural: string, subresource = ''): boolean {
  const [resource = '', part = ''] = text.split('/')
  if (resource !== '*' && resource !== plural) return false
  return part === '*' || part === subresource
}

import type {WebhookKind} from '../../apiserver/admission/webhook-registry.ts'
import {
  isJsonObject,
  objectAt,
  objectsAt,
  setDefault,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {type KindDeclaration, storagePrefixOf} from '../../apiserver/registry/kind.ts'
import type {KindHooks, ServerContext} from '../../apiserver/request-context.ts'
import {ageColumn, column, nameColumn} from '../../apiserver/table/columns.ts'
import {validateWebhookConfiguration} from './validation.ts'

/** What is the same for both. Counterpart of `pkg/registry/admissionregistration`. */
const shared = {
  groupVersion: 'admissionregistration.k8s.io/v1',
  scope: 'Cluster',
  categories: ['api-extensions'],
  columns: [
    nameColumn,
    column('Webhooks', (object) => objectsAt(object, 'webhooks').length, {type: 'integer'}),
    ageColumn,
  ],
  strategy: {
    hasGeneration: true,
    allowsUnconditionalUpdate: false,
    applyDefaults: defaultWebhookConfiguration,
    validate: validateWebhookConfiguration,
  },
} as const

/** Webhooks that change what is written. */
export const mutatingWebhookConfiguration: KindDeclaration = {
  ...shared,
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  hooks: (server) => registering(server, 'mutating', mutatingWebhookConfiguration),
}

/** Webhooks that may refuse what is written. */
export const validatingWebhookConfiguration: KindDeclaration = {
  ...shared,
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  hooks: (server) => registering(server, 'validating', validatingWebhookConfiguration),
}

/** Lets the server call what is configured, from the write that says so. */
function registering(
  {storage, webhooks}: ServerContext,
  which: WebhookKind,
  kind: KindDeclaration,
): KindHooks {
  return {
    restore() {
      for (const {object} of storage.list(storagePrefixOf(kind)).items) webhooks.set(which, object)
    },
    afterWrite: (object) => webhooks.set(which, object),
    afterDelete: (object) => webhooks.remove(which, object),
  }
}

/** Counterpart of `pkg/apis/admissionregistration/v1` defaults of both webhook kinds. */
function defaultWebhookConfiguration(object: JsonObject): void {
  for (const webhook of objectsAt(object, 'webhooks')) {
    setDefault(webhook, 'failurePolicy', 'Fail')
    setDefault(webhook, 'matchPolicy', 'Equivalent')
    setDefault(webhook, 'namespaceSelector', {})
    setDefault(webhook, 'objectSelector', {})
    setDefault(webhook, 'timeoutSeconds', 10)
    if (object['kind'] === 'MutatingWebhookConfiguration') {
      setDefault(webhook, 'reinvocationPolicy', 'Never')
    }
    const service = objectAt(webhook, 'clientConfig')['service']
    if (isJsonObject(service)) setDefault(service, 'port', 443)
    for (const rule of objectsAt(webhook, 'rules')) setDefault(rule, 'scope', '*')
  }
}

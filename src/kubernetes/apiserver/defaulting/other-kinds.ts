import {
  ensureObject,
  isJsonObject,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  type JsonObject,
} from '../json-value.ts'

/** A Secret's `stringData` goes into `data`; its type is Opaque unless it says. */
export function defaultSecret(object: JsonObject): void {
  setDefault(object, 'type', 'Opaque')
  const text = object['stringData']
  if (!isJsonObject(text)) return
  const data = ensureObject(object, 'data')
  for (const [key, value] of Object.entries(text)) {
    data[key] = Buffer.from(String(value)).toString('base64')
  }
  delete object['stringData']
}

/** Ports of Endpoints speak TCP unless they say. */
export function defaultEndpoints(object: JsonObject): void {
  for (const subset of objectsAt(object, 'subsets')) {
    for (const port of objectsAt(subset, 'ports')) setDefault(port, 'protocol', 'TCP')
  }
}

/** Counterpart of `pkg/apis/discovery/v1` SetDefaults_EndpointPort. */
export function defaultEndpointSlice(object: JsonObject): void {
  for (const port of objectsAt(object, 'ports')) {
    setDefault(port, 'name', '')
    setDefault(port, 'protocol', 'TCP')
  }
}

/** A namespace carries its own name as a label, whatever the client says. */
export function defaultNamespace(object: JsonObject): void {
  const meta = ensureObject(object, 'metadata')
  const name = stringAt(meta, 'name')
  if (name !== '') ensureObject(meta, 'labels')['kubernetes.io/metadata.name'] = name
}

/** The subject of a binding and the role it binds are of the RBAC group unless they say. */
export function defaultRoleBinding(object: JsonObject): void {
  const role = object['roleRef']
  if (isJsonObject(role)) setDefault(role, 'apiGroup', 'rbac.authorization.k8s.io')
  for (const subject of objectsAt(object, 'subjects')) {
    const isPerson = subject['kind'] === 'User' || subject['kind'] === 'Group'
    if (isPerson) setDefault(subject, 'apiGroup', 'rbac.authorization.k8s.io')
  }
}

/** Counterpart of `pkg/apis/admissionregistration/v1` defaults of both webhook kinds. */
export function defaultWebhookConfiguration(object: JsonObject): void {
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

/** Counterpart of `pkg/apis/apiextensions/v1` defaults of a CustomResourceDefinition. */
export function defaultCustomResourceDefinition(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  const names = ensureObject(spec, 'names')
  const kind = stringAt(names, 'kind')
  if (kind !== '') {
    setDefault(names, 'singular', kind.toLowerCase())
    if (names['singular'] === '') names['singular'] = kind.toLowerCase()
    setDefault(names, 'listKind', `${kind}List`)
    if (names['listKind'] === '') names['listKind'] = `${kind}List`
  }
  setDefault(ensureObject(spec, 'conversion'), 'strategy', 'None')
  const service = objectAt(objectAt(objectAt(spec, 'conversion'), 'webhook'), 'clientConfig')[
    'service'
  ]
  if (isJsonObject(service)) setDefault(service, 'port', 443)
}

/** Counterpart of `pkg/apis/scheduling/v1` SetDefaults_PriorityClass. */
export function defaultPriorityClass(object: JsonObject): void {
  setDefault(object, 'preemptionPolicy', 'PreemptLowerPriority')
}

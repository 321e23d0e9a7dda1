/**
 * Development only: writes `builtin-types.json` and `builtin-descriptions.json` from the model
 * classes of the Kubernetes client library, so that the types of a hundred built-in kinds need not
 * be typed by hand. Run it after an update of that library:
 *
 *   node_modules/.bin/node src/kubernetes/apiserver/schema/generate-builtin-types.ts
 *
 * What the classes do not know (merge keys, pointers, always-present structs) is in
 * `type-traits.ts`.
 */
import {readFileSync, readdirSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

interface Attribute {
  readonly baseName: string
  readonly name: string
  readonly type: string
  readonly format: string
}

interface Model {
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly required: ReadonlySet<string>
  readonly description: string
  readonly fieldDescriptions: Readonly<Record<string, string>>
}

/** Kinds of each group version. Types that several groups reach belong to the first that does. */
const ROOTS: readonly (readonly [groupVersion: string, kinds: string])[] = [
  [
    'meta.v1',
    'ObjectMeta ListMeta LabelSelector Condition DeleteOptions Status WatchEvent OwnerReference ManagedFieldsEntry Preconditions GroupResource FieldSelectorRequirement LabelSelectorRequirement APIGroup APIGroupList APIResourceList APIVersions',
  ],
  [
    'core.v1',
    'Pod ConfigMap Secret Service ServiceAccount Namespace Node Endpoints CoreV1Event PersistentVolume PersistentVolumeClaim PodTemplate ReplicationController ResourceQuota LimitRange Binding ComponentStatus TypedLocalObjectReference',
  ],
  ['autoscaling.v1', 'HorizontalPodAutoscaler Scale'],
  ['autoscaling.v2', 'HorizontalPodAutoscaler'],
  ['apps.v1', 'Deployment ReplicaSet StatefulSet DaemonSet ControllerRevision'],
  ['batch.v1', 'Job CronJob'],
  ['policy.v1', 'PodDisruptionBudget Eviction'],
  ['rbac.v1', 'Role RoleBinding ClusterRole ClusterRoleBinding'],
  ['coordination.v1', 'Lease'],
  ['discovery.v1', 'EndpointSlice'],
  ['events.v1', 'EventsV1Event'],
  ['networking.v1', 'Ingress IngressClass NetworkPolicy IPAddress ServiceCIDR'],
  ['node.v1', 'RuntimeClass'],
  ['scheduling.v1', 'PriorityClass'],
  [
    'storage.v1',
    'StorageClass CSIDriver CSINode CSIStorageCapacity VolumeAttachment VolumeAttributesClass',
  ],
  ['certificates.v1', 'CertificateSigningRequest'],
  ['authentication.v1', 'TokenReview SelfSubjectReview AuthenticationV1TokenRequest'],
  [
    'authorization.v1',
    'SubjectAccessReview LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview',
  ],
  [
    'admissionregistration.v1',
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding',
  ],
  ['apiextensions.v1', 'CustomResourceDefinition'],
  ['apiregistration.v1', 'APIService'],
  ['flowcontrol.v1', 'FlowSchema PriorityLevelConfiguration'],
  ['resource.v1', 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice'],
]

/** Prefixes the library puts before names that several groups use. */
const CLASS_PREFIX =
  /^(?:(?:Admissionregistration|Apiextensions|Apiregistration|Authentication|Core|Discovery|Events|Flowcontrol|Rbac|Resource|Storage)?V\d+)/

const QUANTITY_MAPS = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'hard',
  'used',
  'default',
  'defaultRequest',
  'min',
  'max',
  'maxLimitRequestRatio',
  'overhead',
  'podFixed',
  'allocatedResources',
])
const QUANTITIES = new Set([
  'sizeLimit',
  'divisor',
  'averageValue',
  'maximumVolumeSize',
  'targetAverageValue',
])

const directory = new URL(
  '../../../../node_modules/@kubernetes/client-node/dist/gen/models/',
  import.meta.url,
)

async function loadModels(): Promise<Map<string, Model>> {
  const models = new Map<string, Model>()
  for (const file of readdirSync(directory)) {
    const name = file.replace(/\.js$/, '')
    if (!file.endsWith('.js') || !CLASS_PREFIX.test(name)) continue
    const module: Record<string, unknown> = await import(new URL(file, directory).href)
    const type = module[name] as {getAttributeTypeMap?: () => Attribute[]} | undefined
    if (type?.getAttributeTypeMap === undefined) continue
    const declaration = readFileSync(new URL(`${name}.d.ts`, directory), 'utf8')
    models.set(name, {name, attributes: type.getAttributeTypeMap(), ...describe(declaration)})
  }
  return models
}

function describe(
  declaration: string,
): Pick<Model, 'required' | 'description' | 'fieldDescriptions'> {
  const required = new Set<string>()
  const fieldDescriptions: Record<string, string> = {}
  const field = /(?:\/\*\*\n\s*\* ([^\n]*)\n\s*\*\/\n)?\s*'([^']+)'(\?)?:/g
  for (const [, text, name, optional] of declaration.matchAll(field)) {
    if (name === undefined) continue
    if (optional === undefined) required.add(name)
    if (text !== undefined) fieldDescriptions[name] = unescape(text)
  }
  const own = /\/\*\*\n\* ([^\n]*)\n\*\/\nexport declare class/.exec(declaration)?.[1]
  return {required, description: own === undefined ? '' : unescape(own), fieldDescriptions}
}

function unescape(text: string): string {
  return text.replace(/\\(['"`])/g, '$1')
}

const models = await loadModels()
const names = new Map<string, string>()
const types: Record<string, Record<string, string>> = {}
const descriptions: Record<string, Record<string, string>> = {}

function modelOf(groupVersion: string, kind: string): Model | undefined {
  const version = groupVersion.slice(groupVersion.indexOf('.') + 1).toUpperCase()
  return models.get(kind) ?? models.get(version + kind)
}

function visit(model: Model, groupVersion: string): string {
  const known = names.get(model.name)
  if (known !== undefined) return known
  const name = `${groupVersion}.${model.name.replace(CLASS_PREFIX, '')}`
  names.set(model.name, name)
  const fields: Record<string, string> = {}
  const texts: Record<string, string> = {}
  types[name] = fields
  if (model.description !== '') texts[''] = model.description
  for (const attribute of model.attributes) {
    const code = typeCode(attribute, groupVersion)
    fields[attribute.baseName] = (model.required.has(attribute.name) ? '!' : '') + code
    const text = model.fieldDescriptions[attribute.name]
    if (text !== undefined) texts[attribute.baseName] = text
  }
  descriptions[name] = texts
  return name
}

function typeCode(attribute: Attribute, groupVersion: string): string {
  const {type, format, baseName} = attribute
  if (type === '{ [key: string]: string; }' && QUANTITY_MAPS.has(baseName)) return 'map:quantity'
  if (type === 'string' && QUANTITIES.has(baseName)) return 'quantity'
  return translate(type, format, groupVersion)
}

function translate(type: string, format: string, groupVersion: string): string {
  const list = /^Array<(.*)>$/.exec(type)?.[1]
  if (list !== undefined) return `[]${translate(list, format, groupVersion)}`
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1]
  if (map !== undefined) return `map:${translate(map, format, groupVersion)}`
  switch (type) {
    case 'string':
      return format === 'byte' ? 'bytes' : 'string'
    case 'number':
      return format === '' ? 'double' : format
    case 'boolean':
      return 'bool'
    case 'Date':
      return 'time'
    case 'V1MicroTime':
      return 'microTime'
    case 'IntOrString':
      return 'intOrString'
    case 'any':
    case 'object':
      return 'any'
    default: {
      const model = models.get(type)
      if (model === undefined) throw new Error(`no model ${type}`)
      return `#${visit(model, groupVersion)}`
    }
  }
}

for (const [groupVersion, kinds] of ROOTS) {
  for (const kind of kinds.split(' ')) {
    const model = modelOf(groupVersion, kind)
    if (model === undefined) throw new Error(`no model of ${groupVersion} ${kind}`)
    visit(model, groupVersion)
  }
}

for (const [file, content] of [
  ['builtin-types.json', types],
  ['builtin-descriptions.json', descriptions],
] as const) {
  writeFileSync(
    fileURLToPath(new URL(file, import.meta.url)),
    `${JSON.stringify(content, undefined, 2)}\n`,
  )
}

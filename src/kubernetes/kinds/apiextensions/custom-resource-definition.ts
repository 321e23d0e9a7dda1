import type {AdmissionPlugin} from '../../../api/admission.ts'
import type {KubeObject} from '../../../api/meta/object.ts'
import {
  asJson,
  cloneJson,
  ensureObject,
  isJsonObject,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../apiserver/json-value.ts'
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import type {KindHooks} from '../../apiserver/request-context.ts'
import {createdAtColumn, nameColumn} from '../../apiserver/table/columns.ts'
import {cleanUpInstances, releaseDefinitionOf} from './instance-cleanup.ts'
import {reconsiderNames, settleNames} from './names.ts'
import {DEFINITIONS_PREFIX} from './stored-definitions.ts'
import {serveDefinition, withdrawDefinition, type DefinitionServer} from './serving.ts'
import {CLEANUP_FINALIZER, setTerminating} from './terminating.ts'
import {validateDefinition, validateDefinitionUpdate} from './validation.ts'

/**
 * Counterpart of k8s.io/apiextensions-apiserver `pkg/registry/customresourcedefinition`. A definition
 * is established by the write that stores it, since its kind is served by the next request.
 */
export const customResourceDefinition: KindDeclaration = {
  groupVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  scope: 'Cluster',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  subresources: [statusSubresource],
  columns: [nameColumn, createdAtColumn],
  strategy: {
    hasStatus: true,
    metadataKeptByStatus: undefined,
    hasGeneration: true,
    allowsUnconditionalUpdate: false,
    applyDefaults: defaultCustomResourceDefinition,
    prepareForCreate(object) {
      object['status'] = statusOf(object, undefined)
    },
    prepareForUpdate(object, old) {
      object['status'] = statusOf(object, old)
    },
    keepsOwnStatus: true,
    validate: validateDefinition,
    validateUpdate: validateDefinitionUpdate,
    deletionFinalizers: [CLEANUP_FINALIZER],
    markDeleted(object, old, nowMs) {
      if (old.metadata.deletionTimestamp === undefined) setTerminating(object, 'pending', nowMs)
    },
  },
  hooks: ({storage, clock, registry}) => {
    const server: DefinitionServer = {
      storage,
      clock,
      registry,
      hooksOf: (type) => ({afterDelete: () => releaseDefinitionOf(server, type)}),
    }
    return definitionHooks(server)
  },
}

/** Serves what definitions say from the write that says so. */
function definitionHooks(server: DefinitionServer): KindHooks {
  return {
    admission: [unconverted],
    restore() {
      for (const {object} of server.storage.list(DEFINITIONS_PREFIX).items) {
        serveDefinition(server, object)
        cleanUpInstances(server, object)
      }
    },
    allocate(object) {
      settleNames(object, server.storage, server.clock.now())
      return []
    },
    afterWrite(object) {
      serveDefinition(server, object)
      cleanUpInstances(server, object)
      reconsiderNames(server, object)
    },
    afterDelete(object) {
      withdrawDefinition(server, object)
      reconsiderNames(server, object)
    },
  }
}

const NOT_CONVERTED =
  'spec.conversion: webhooks that convert have no effect on this cluster: ' +
  'objects of all versions are taken to have the same fields'

/** Says to whoever creates a definition with a webhook for conversion that nobody calls it. */
const unconverted: AdmissionPlugin = {
  name: 'Unconverted',
  handles: ({operation, type, subresource}) =>
    operation === 'CREATE' &&
    subresource === undefined &&
    type.group === 'apiextensions.k8s.io' &&
    type.kind === 'CustomResourceDefinition',
  validate({object}) {
    const conversion = objectAt(objectAt(object && asJson(object), 'spec'), 'conversion')
    return stringAt(conversion, 'strategy') === 'Webhook' ? {warnings: [NOT_CONVERTED]} : undefined
  },
}

/** The status as far as it follows from the definition alone; the names are settled when it is stored. */
function statusOf(object: JsonObject, old: KubeObject | undefined): JsonObject {
  const versions = objectsAt(objectAt(object, 'spec'), 'versions')
  const before = objectAt(old && asJson(old), 'status')
  const storageName = stringAt(
    versions.find((version) => version['storage'] === true),
    'name',
  )
  const stored = stringsAt(before, 'storedVersions')
  return cloneJson({
    conditions: objectsAt(before, 'conditions'),
    acceptedNames: objectAt(before, 'acceptedNames'),
    storedVersions:
      storageName === '' || stored.includes(storageName) ? stored : [...stored, storageName],
  })
}

/** Counterpart of `pkg/apis/apiextensions/v1` defaults of a CustomResourceDefinition. */
function defaultCustomResourceDefinition(object: JsonObject): void {
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

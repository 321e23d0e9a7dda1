import type {KubeObject} from '../../../../api/meta/object.ts'
import {
  asJson,
  cloneJson,
  ensureObject,
  objectAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {
  ALL_VERBS,
  type KindDeclaration,
  statusSubresource,
} from '../../../apiserver/registry/kind.ts'
import {selectable} from '../../../apiserver/registry/selectable-fields.ts'
import {ageColumn, column, nameColumn} from '../../../apiserver/table/columns.ts'
import {dnsLabel, nameCheck} from '../../../apiserver/validation/names.ts'
import {namespaceLifecycle} from './lifecycle.ts'

/** The finalizer every namespace has in its spec, which the namespace controller takes out. */
const NAMESPACE_FINALIZER = 'kubernetes'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/namespace`. */
export const namespace: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  scope: 'Cluster',
  shortNames: ['ns'],
  verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  subresources: [{name: 'finalize', verbs: ['update'], writes: 'finalize'}, statusSubresource],
  columns: [
    nameColumn,
    column('Status', (object) => stringAt(objectAt(object, 'status'), 'phase')),
    ageColumn,
  ],
  selectableFields: [selectable('status.phase')],
  strategy: {
    hasStatus: true,
    validateName: nameCheck(dnsLabel),
    applyDefaults: defaultNamespace,
    prepareForCreate(object) {
      object['status'] = {phase: 'Active'}
      const spec = ensureObject(object, 'spec')
      const finalizers = stringsAt(spec, 'finalizers')
      if (!finalizers.includes(NAMESPACE_FINALIZER)) {
        spec['finalizers'] = [...finalizers, NAMESPACE_FINALIZER]
      }
    },
    prepareForUpdate(object, old) {
      const finalizers = objectAt(asJson(old), 'spec')['finalizers']
      const spec = ensureObject(object, 'spec')
      if (finalizers === undefined) delete spec['finalizers']
      else spec['finalizers'] = cloneJson(finalizers)
    },
    isHeld,
    markDeleted(object) {
      delete objectAt(object, 'metadata')['deletionGracePeriodSeconds']
      ensureObject(object, 'status')['phase'] = 'Terminating'
    },
  },
  hooks: ({storage}) => ({admission: [namespaceLifecycle(storage)]}),
}

/** A namespace goes when the controller has taken its finalizers out of the spec. */
function isHeld(namespace: KubeObject): boolean {
  return stringsAt(objectAt(asJson(namespace), 'spec'), 'finalizers').length > 0
}

/** A namespace carries its own name as a label, whatever the client says. */
function defaultNamespace(object: JsonObject): void {
  const meta = ensureObject(object, 'metadata')
  const name = stringAt(meta, 'name')
  if (name !== '') ensureObject(meta, 'labels')['kubernetes.io/metadata.name'] = name
}

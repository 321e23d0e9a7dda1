import type {AdmissionPlugin} from '../../../../api/admission.ts'
import type {ResourceType} from '../../../../api/meta/resource-type.ts'
import {notFound} from '../../../../api/meta/status-error.ts'
import type {Storage} from '../../../storage/storage.ts'
import {forbiddenObject} from '../../../apiserver/errors.ts'

const NAMESPACES: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
}

/** Namespaces that can never be deleted. */
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public'])

/**
 * Refuses to create objects in namespaces that are missing or being deleted, and to delete the
 * namespaces nobody can do without.
 *
 * Counterpart of k8s.io/apiserver `admission/plugin/namespace/lifecycle`.
 */
export function namespaceLifecycle(storage: Storage): AdmissionPlugin {
  return {
    name: 'NamespaceLifecycle',
    handles: ({operation, namespace, type}) =>
      operation === 'CREATE' ? namespace !== undefined : isNamespace(type),
    mutate({operation, type, namespace, name}) {
      if (operation === 'DELETE' && IMMORTAL.has(name)) {
        throw forbiddenObject(type, name, 'this namespace may not be deleted')
      }
      if (operation !== 'CREATE' || namespace === undefined) return
      const found = storage.get(`/core/namespaces/${namespace}`)
      if (found === undefined) throw notFound(NAMESPACES, namespace)
      if (found.object.metadata.deletionTimestamp !== undefined) {
        throw forbiddenObject(
          type,
          name,
          `unable to create new content in namespace ${namespace} because it is being terminated`,
          [
            {
              reason: 'NamespaceTerminating',
              message: `namespace ${namespace} is being terminated`,
              field: 'metadata.namespace',
            },
          ],
        )
      }
    },
  }
}

function isNamespace(type: ResourceType): boolean {
  return type.group === '' && type.plural === 'namespaces'
}

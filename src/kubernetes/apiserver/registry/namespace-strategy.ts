import {defaultNamespace} from '../defaulting/other-kinds.ts'
import {asJson, cloneJson, ensureObject, objectAt, stringsAt} from '../json-value.ts'
import {dnsLabel, nameCheck} from '../validation/names.ts'
import {strategy} from './base-strategy.ts'

/** The finalizer every namespace has in its spec, which the namespace controller takes out. */
const NAMESPACE_FINALIZER = 'kubernetes'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/namespace`. */
export const namespaceStrategy = strategy({
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
})

import {CREATE, type KindDeclaration} from '../../apiserver/registry/kind.ts'
import {bindNamed} from './pod/binding.ts'

/** The older way to put a pod on a node: what is created is never stored. */
export const binding: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  verbs: CREATE,
  answer: bindNamed,
}

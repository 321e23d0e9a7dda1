/** Classes of runtimes, of which a pod gets none. */
import type {KindDeclaration} from '../../apiserver/registry/kind.ts'

export const runtimeClass: KindDeclaration = {
  groupVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  scope: 'Cluster',
}

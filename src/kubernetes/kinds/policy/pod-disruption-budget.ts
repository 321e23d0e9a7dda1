/** Budgets of disruption, which bind nobody. */
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'

export const podDisruptionBudget: KindDeclaration = {
  groupVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  subresources: [statusSubresource],
  strategy: {hasStatus: true, hasGeneration: true},
}

import {scaleSubresource} from '../../apiserver/handlers/scale.ts'
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import {deploymentColumns} from './columns.ts'
import {defaultDeployment} from './defaults.ts'
import {
  validateDeployment,
  validateDeploymentStatus,
  validateDeploymentUpdate,
} from './validation.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/apps/deployment`. */
export const deployment: KindDeclaration = {
  groupVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
  columns: deploymentColumns,
  strategy: {
    hasStatus: true,
    hasGeneration: true,
    metadataKeptByStatus: ['labels'],
    applyDefaults: defaultDeployment,
    validate: validateDeployment,
    validateUpdate: validateDeploymentUpdate,
    validateStatusUpdate: validateDeploymentStatus,
  },
}

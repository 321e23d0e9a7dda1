import {asJson} from '../../../apiserver/json-value.ts'
import {
  type KindDeclaration,
  statusSubresource,
  storagePrefixOf,
} from '../../../apiserver/registry/kind.ts'
import {selectable} from '../../../apiserver/registry/selectable-fields.ts'
import {dnsLabel, nameCheck} from '../../../apiserver/validation/names.ts'
import {proxySubresource, serviceTarget} from '../proxy-targets.ts'
import {allocateService, releaseService, reserveService} from './allocation.ts'
import {PortAllocator, ServiceAddresses} from './allocators.ts'
import {serviceColumns} from './columns.ts'
import {defaultService} from './defaults.ts'
import {inheritAddresses, normalizeAddresses} from './inheritance.ts'
import {validateService, validateServiceUpdate} from './validation.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/service`. */
export const service: KindDeclaration = {
  groupVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  subresources: [proxySubresource('Service', serviceTarget), statusSubresource],
  columns: serviceColumns,
  selectableFields: [selectable('spec.clusterIP'), selectable('spec.type')],
  strategy: {
    hasStatus: true,
    createsOnUpdate: true,
    returnsDeletedObject: true,
    validateName: nameCheck(dnsLabel),
    applyDefaults: defaultService,
    prepareForCreate(object) {
      object['status'] = {loadBalancer: {}}
      normalizeAddresses(object)
    },
    prepareForUpdate(object, old) {
      inheritAddresses(object, asJson(old))
      normalizeAddresses(object)
    },
    validate: (object) => validateService(object),
    validateUpdate: (object, old) => validateServiceUpdate(object, asJson(old)),
  },
  hooks({storage}) {
    const allocators = {addresses: new ServiceAddresses(), nodePorts: new PortAllocator()}
    return {
      restore() {
        for (const {object} of storage.list(storagePrefixOf(service)).items) {
          reserveService(object, allocators)
        }
      },
      allocate: (object, old, {dryRun}) => allocateService(object, old, {...allocators, dryRun}),
      afterDelete: (object) => releaseService(object, allocators),
    }
  },
}

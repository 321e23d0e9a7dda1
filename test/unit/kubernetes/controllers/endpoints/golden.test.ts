import {describe, expect, test} from 'vitest'
import type {EndpointSlice} from '../../../../../src/api/apps/v1.ts'
import type {CoreService, Endpoints, Pod} from '../../../../../src/api/core/v1.ts'
import {groupEndpoints} from '../../../../../src/kubernetes/controllers/endpoint-slice/slices.ts'
import {copiedEndpoints} from '../../../../../src/kubernetes/controllers/endpoint-slice/copied-endpoints.ts'
import {makeSubsets} from '../../../../../src/kubernetes/controllers/endpoints/subsets.ts'
import {matchesLabels} from '../../../../../src/api/meta/label-selector.ts'
import {goldenFolders, goldenObjects} from '../../../../support/golden-objects.ts'
import {needs, RECORDINGS} from '../../../../support/requirements.ts'

const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'

/** Folders in which Services, pods and endpoints were recorded at the same moment. */
const folders = goldenFolders('endpointslice').filter(
  (folder) => goldenObjects(folder, 'pod').length > 0,
)

describe('with the recordings of a genuine cluster', needs(RECORDINGS), () => {
  test.each(folders)(
    'Endpoints have the same addresses and ports in the same order: %s',
    (folder) => {
      for (const {service, pods} of selections(folder)) {
        const {name} = service.metadata
        const stored = named<Endpoints>(folder, 'endpoints', name)
        if (stored === undefined) continue
        expect(makeSubsets(service, pods)).toEqual(stored.subsets ?? [])
      }
    },
  )

  test.each(folders)('EndpointSlices have the same endpoints and ports: %s', (folder) => {
    for (const {service, pods} of selections(folder)) {
      const stored = slicesOf(folder, service.metadata.name, 'endpointslice-controller.k8s.io')
      const groups = groupEndpoints(service, pods)
      if (groups.length === 0) continue
      expect(groups.map(({ports}) => ports)).toEqual(stored.map(({ports}) => ports))
      expect(new Set(groups.flatMap(({endpoints}) => endpoints))).toEqual(
        new Set(stored.flatMap(({endpoints}) => endpoints)),
      )
    }
  })

  test.each(folders)('Endpoints written by hand are mirrored: %s', (folder) => {
    for (const endpoints of goldenObjects<Endpoints>(folder, 'endpoints')) {
      const {name} = endpoints.metadata
      const stored = slicesOf(folder, name, 'endpointslicemirroring-controller.k8s.io')
      if (stored.length === 0) continue
      expect(copiedEndpoints(endpoints)).toEqual(
        stored.map(({endpoints: mirrored, ports}) => ({endpoints: mirrored, ports})),
      )
    }
  })
})

function selections(folder: string): {service: CoreService; pods: Pod[]}[] {
  const pods = goldenObjects<Pod>(folder, 'pod')
  return goldenObjects<CoreService>(folder, 'service')
    .filter(({apiVersion, spec}) => apiVersion === 'v1' && spec.selector !== undefined)
    .map((service) => ({
      service,
      pods: pods.filter(
        ({metadata}) =>
          metadata.namespace === service.metadata.namespace &&
          matchesLabels(metadata.labels, service.spec.selector ?? {}),
      ),
    }))
}

function named<T extends Endpoints>(folder: string, kind: string, name: string): T | undefined {
  return goldenObjects<T>(folder, kind).find(({metadata}) => metadata.name === name)
}

function slicesOf(folder: string, service: string, manager: string): EndpointSlice[] {
  return goldenObjects<EndpointSlice>(folder, 'endpointslice').filter(
    ({metadata}) =>
      metadata.labels?.['kubernetes.io/service-name'] === service &&
      metadata.labels[MANAGED_BY] === manager,
  )
}

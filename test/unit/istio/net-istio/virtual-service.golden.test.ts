import {describe, expect, test} from 'vitest'
import {parseIstioConfig} from '../../../../src/api/config/istio.ts'
import {qualifiedGatewayName} from '../../../../src/api/config/istio.ts'
import type {VirtualService} from '../../../../src/api/istio/v1beta1.ts'
import type {KIngress} from '../../../../src/api/networking/v1alpha1.ts'
import {
  makeVirtualServices,
  withIngressDefaults,
} from '../../../../src/istio/net-istio/virtual-service.ts'
import {goldenFolders, goldenObjects} from '../../../support/golden-objects.ts'
import {needs, RECORDINGS} from '../../../support/requirements.ts'

const istio = parseIstioConfig({})
const gateways = {
  ExternalIP: istio.ingressGateways.map(qualifiedGatewayName),
  ClusterLocal: istio.localGateways.map(qualifiedGatewayName),
}

describe('VirtualServices as the genuine net-istio writes them', needs(RECORDINGS), () => {
  test.for(goldenFolders('kingress'))('%s', (folder) => {
    const recorded = goldenObjects<VirtualService>(folder, 'virtualservice')
    const made = goldenObjects<KIngress>(folder, 'kingress').flatMap((ingress) =>
      makeVirtualServices(withIngressDefaults(ingress), gateways),
    )
    expect(made.map(essence).toSorted(byName)).toEqual(recorded.map(essence).toSorted(byName))
  })
})

/** Without what the server adds. */
function essence({apiVersion, kind, metadata, spec}: VirtualService) {
  const {name, namespace, labels, annotations, ownerReferences} = metadata
  return {apiVersion, kind, metadata: {name, namespace, labels, annotations, ownerReferences}, spec}
}

function byName(left: {metadata: {name: string}}, right: {metadata: {name: string}}): number {
  return left.metadata.name < right.metadata.name ? -1 : 1
}

import {SECRETS} from '../../api/core/v1.ts'
import {GATEWAYS, VIRTUAL_SERVICES} from '../../api/istio/v1beta1.ts'
import {keyOf} from '../../api/meta/object.ts'
import type {InformerFactory} from '../../controller/informer.ts'
import type {IngressGateway} from '../../istio/gateway/gateway.ts'

/**
 * Programs a gateway with every VirtualService and Gateway, and with the Secrets of the namespace of
 * its pod. Call the result to end that.
 */
export function feedGateway(
  informers: InformerFactory,
  gateway: IngressGateway,
  namespace: string | undefined,
): () => void {
  const endGateways = informers.of(GATEWAYS).addHandler({
    onSet: (object) => gateway.setGateway(object),
    onDelete: (object) => gateway.removeGateway(keyOf(object)),
  })
  const endVirtualServices = informers.of(VIRTUAL_SERVICES).addHandler({
    onSet: (object) => gateway.setVirtualService(object),
    onDelete: (object) => gateway.removeVirtualService(keyOf(object)),
  })
  const endSecrets = informers.of(SECRETS).addHandler({
    onSet: (object) => {
      if (object.metadata.namespace === namespace) gateway.setSecret(object)
    },
    onDelete: ({metadata}) => {
      if (metadata.namespace === namespace) gateway.removeSecret(metadata.name)
    },
  })
  return () => {
    endGateways()
    endSecrets()
    endVirtualServices()
  }
}

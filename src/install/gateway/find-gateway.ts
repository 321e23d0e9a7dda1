import {CORE_SERVICES, type CoreService} from '../../api/core/v1.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {ManifestSource} from '../manifests.ts'
import {type InstallSettings, wildcards} from '../settings.ts'
import type {InstallContext} from '../step.ts'
import {decideGateway, type GatewayDecision} from './gateway-changes.ts'
import {GATEWAY, gatewayService} from './gateway-service.ts'

/** Whether an object of istio.yaml is the Service of the gateway. */
export function isGateway({kind, metadata}: KubeObject): boolean {
  return (
    kind === 'Service' && metadata.name === GATEWAY.name && metadata.namespace === GATEWAY.namespace
  )
}

/** The Service of the gateway as this installation wants it. Throws `KN_CONFIG_INVALID`. */
async function wantedGateway(
  manifests: ManifestSource,
  settings: InstallSettings,
): Promise<CoreService> {
  const found = (await manifests.load('istio')).find(isGateway)
  if (found === undefined) {
    throw new KntoolError(
      'KN_CONFIG_INVALID',
      `istio.yaml of ${manifests.description} has no Service ${GATEWAY.namespace}/${GATEWAY.name}.`,
    )
  }
  return gatewayService(found as CoreService, {
    loadBalancer: settings.loadBalancer,
    hostnames: settings.dns === 'external-dns' ? wildcards(settings) : [],
  })
}

/** The Service of the gateway that is there, and what has to be done about it. */
export async function lookAtGateway(
  context: Pick<InstallContext, 'client' | 'manifests' | 'settings'>,
): Promise<{live: CoreService | undefined; decision: GatewayDecision}> {
  const [live, wanted] = await Promise.all([
    context.client.find(CORE_SERVICES, GATEWAY),
    wantedGateway(context.manifests, context.settings),
  ])
  return {live, decision: decideGateway(wanted, live)}
}

/** The address under which the gateway is reachable from outside; undefined while it has none. */
export function gatewayAddress(service: CoreService | undefined): string | undefined {
  const [ingress] = service?.status?.loadBalancer?.ingress ?? []
  return ingress?.hostname ?? ingress?.ip
}

import {CORE_SERVICES} from '../../api/core/v1.ts'
import {HOSTNAME_ANNOTATIONS} from '../../aws/external-dns/annotations.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import {wildcards} from '../settings.ts'
import type {InstallContext, Step} from '../step.ts'

const OBJECT = `service/${GATEWAY.name}`

/**
 * Where Istio stays, its gateway and the load balancer do too; only the names that were asked of
 * ExternalDNS for Knative go.
 */
export const releaseGatewayStep: Step = {
  id: 'gateway',
  title: 'Names of the gateway',
  async check(context) {
    return {state: (await ownAnnotations(context)).length === 0 ? 'done' : 'needed'}
  },
  async plan(context) {
    const keys = await ownAnnotations(context)
    if (keys.length === 0) return {changes: []}
    return {changes: [{action: 'change', object: OBJECT, detail: `without ${keys.join(', ')}`}]}
  },
  async apply(context) {
    const keys = await ownAnnotations(context)
    if (keys.length === 0) return
    await context.client.patch(CORE_SERVICES, GATEWAY, {
      type: 'merge',
      body: {metadata: {annotations: Object.fromEntries(keys.map((key) => [key, null]))}},
    })
  },
  observe: async () => ({done: true}),
}

/** The annotations that name what kntool wrote, and nothing of others. */
async function ownAnnotations({client, settings}: InstallContext): Promise<string[]> {
  const service = await client.find(CORE_SERVICES, GATEWAY)
  const own = wildcards(settings).join(',')
  return HOSTNAME_ANNOTATIONS.filter((key) => service?.metadata.annotations?.[key] === own)
}

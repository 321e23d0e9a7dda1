import {CONFIG_DOMAIN} from '../../api/config/system-namespace.ts'
import {CONFIG_MAPS} from '../../api/core/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {SERVICES} from '../../api/serving/v1.ts'
import {defaultDomains, domainPatch} from '../config/domains.ts'
import type {InstallContext, Step} from '../step.ts'

/** Makes the wanted domains those of Services. */
export const domainStep: Step = {
  id: 'domain',
  title: 'Domain',
  async check(context) {
    const configMap = await context.client.find(CONFIG_MAPS, CONFIG_DOMAIN)
    const patch = domainPatch(configMap?.data, context.settings.domains)
    return {state: Object.keys(patch).length === 0 ? 'done' : 'needed'}
  },
  async risks(context) {
    if (context.target === 'embedded') return []
    const configMap = await context.client.find(CONFIG_MAPS, CONFIG_DOMAIN)
    const gone = Object.entries(domainPatch(configMap?.data, context.settings.domains))
      .filter(([, value]) => value === null)
      .map(([domain]) => domain)
    if (gone.length === 0) return []
    const services = await countServices(context)
    return services === 0
      ? []
      : [
          `The URLs of ${services} services change: ${gone.join(', ')} is no domain of theirs any more.`,
        ]
  },
  async plan(context) {
    const configMap = await context.client.find(CONFIG_MAPS, CONFIG_DOMAIN)
    const detail = Object.entries(domainPatch(configMap?.data, context.settings.domains))
      .map(([domain, value]) => (value === null ? `-${domain}` : `+${domain}`))
      .join(' ')
    return {
      changes: [
        detail === ''
          ? {action: 'none', object: 'configmap/config-domain'}
          : {action: 'change', object: 'configmap/config-domain', detail},
      ],
    }
  },
  async apply(context) {
    const {data} = await context.client.get(CONFIG_MAPS, CONFIG_DOMAIN)
    await context.client.patch(CONFIG_MAPS, CONFIG_DOMAIN, {
      type: 'merge',
      body: {data: domainPatch(data, context.settings.domains)},
    })
  },
  async observe(context) {
    const {data} = await context.client.get(CONFIG_MAPS, CONFIG_DOMAIN)
    if (Object.keys(domainPatch(data, context.settings.domains)).length === 0) return {done: true}
    throw new KntoolError(
      'KN_CONFLICT',
      `Somebody else sets the domain: config-domain has ${defaultDomains(data).join(', ')}.`,
      {
        hint: 'kubectl get configmap config-domain -n knative-serving -o yaml --show-managed-fields',
      },
    )
  },
}

async function countServices({client, mapper}: InstallContext): Promise<number> {
  if ((await mapper.find({apiVersion: 'serving.knative.dev/v1', kind: 'Service'})) === undefined) {
    return 0
  }
  return (await client.list(SERVICES)).items.length
}

import {EXAMPLE_KEY} from '../../api/config/example.ts'
import {CONFIG_DOMAIN} from '../../api/config/system-namespace.ts'
import {CONFIG_MAPS} from '../../api/core/v1.ts'
import {EMBEDDED_DOMAIN} from '../config/domains.ts'
import type {InstallContext, Step} from '../step.ts'

/** Gives an embedded cluster the domain back that it begins with. */
export const resetDomainStep: Step = {
  id: 'domain',
  title: 'Domain',
  async check(context) {
    return {state: Object.keys(await resetPatch(context)).length === 0 ? 'done' : 'needed'}
  },
  async plan(context) {
    const detail = Object.entries(await resetPatch(context))
      .map(([domain, value]) => (value === null ? `-${domain}` : `+${domain}`))
      .join(' ')
    if (detail === '') return {changes: []}
    return {changes: [{action: 'change', object: 'configmap/config-domain', detail}]}
  },
  async apply(context) {
    await context.client.patch(CONFIG_MAPS, CONFIG_DOMAIN, {
      type: 'merge',
      body: {data: await resetPatch(context)},
    })
  },
  observe: async () => ({done: true}),
}

async function resetPatch({client}: InstallContext): Promise<Record<string, string | null>> {
  const {data = {}} = (await client.find(CONFIG_MAPS, CONFIG_DOMAIN)) ?? {}
  const others = Object.keys(data).filter((key) => key !== EXAMPLE_KEY && key !== EMBEDDED_DOMAIN)
  return {
    ...Object.fromEntries(others.map((key) => [key, null])),
    ...(data[EMBEDDED_DOMAIN] !== '' && {[EMBEDDED_DOMAIN]: ''}),
  }
}

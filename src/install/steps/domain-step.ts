import {CONFIG_MAPS} from '../../api/core/v1.ts'
import type {InstallContext, Step} from '../step.ts'

const CONFIG_DOMAIN = {namespace: 'knative-serving', name: 'config-domain'}

/** The domains of config-domain that apply to every Service: those with an empty selector. */
export function defaultDomains(data: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(data ?? {})
    .filter(([domain, selector]) => domain !== '_example' && selector.trim() === '')
    .map(([domain]) => domain)
}

/**
 * The merge patch that makes `domain` the only default domain.
 *
 * With two default domains Knative takes the one that sorts first, so that a forgotten one would
 * win silently: every other default goes. Domains with a selector stay.
 */
export function domainPatch(
  data: Readonly<Record<string, string>> | undefined,
  domain: string,
): Record<string, string | null> {
  const patch: Record<string, string | null> = {}
  for (const other of defaultDomains(data)) if (other !== domain) patch[other] = null
  if (data?.[domain]?.trim() !== '') patch[domain] = ''
  return patch
}

/** Makes the wanted domain the default domain of Services. */
export const domainStep: Step = {
  id: 'domain',
  title: 'Domain',
  async check(context) {
    const {data} = await context.client.get(CONFIG_MAPS, CONFIG_DOMAIN)
    const patch = domainPatch(data, context.settings.domain)
    return {state: Object.keys(patch).length === 0 ? 'done' : 'needed'}
  },
  async plan(context) {
    const configMap = await context.client.find(CONFIG_MAPS, CONFIG_DOMAIN)
    const patch = domainPatch(configMap?.data, context.settings.domain)
    const detail = Object.entries(patch)
      .map(([domain, value]) => (value === null ? `-${domain}` : `+${domain}`))
      .join(' ')
    return [
      detail === ''
        ? {action: 'none', object: 'configmap/config-domain'}
        : {action: 'change', object: 'configmap/config-domain', detail},
    ]
  },
  async apply(context) {
    const {data} = await context.client.get(CONFIG_MAPS, CONFIG_DOMAIN)
    await context.client.patch(CONFIG_MAPS, CONFIG_DOMAIN, {
      type: 'merge',
      body: {data: domainPatch(data, context.settings.domain)},
    })
  },
  async verify(context: InstallContext) {
    const {data} = await context.client.get(CONFIG_MAPS, CONFIG_DOMAIN)
    const [only, ...others] = defaultDomains(data)
    if (only === context.settings.domain && others.length === 0) return
    throw new Error(`config-domain names ${[only, ...others].join(', ')} as default domains`)
  },
}

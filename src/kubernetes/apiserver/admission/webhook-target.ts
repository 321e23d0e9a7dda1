import {isJsonObject, numberAt, objectAt, stringAt, type JsonObject} from '../json-value.ts'

/** Where a webhook answers: at a URL, or behind a Service of the cluster. */
export type WebhookTarget =
  | {readonly kind: 'url'; readonly url: string}
  | {
      readonly kind: 'service'
      readonly namespace: string
      readonly name: string
      readonly port: number
      readonly path: string
    }

const HTTPS_PORT = 443

/** The target of a webhook's `clientConfig`; undefined for one that names none. */
export function readTarget(clientConfig: JsonObject): WebhookTarget | undefined {
  if (isJsonObject(clientConfig['service'])) {
    const service = objectAt(clientConfig, 'service')
    return {
      kind: 'service',
      namespace: stringAt(service, 'namespace'),
      name: stringAt(service, 'name'),
      port: numberAt(service, 'port') ?? HTTPS_PORT,
      path: stringAt(service, 'path'),
    }
  }
  const url = stringAt(clientConfig, 'url')
  return url === '' ? undefined : {kind: 'url', url}
}

/**
 * What is asked and what messages name. Counterpart of apiserver `webhook.ClientManager`, which
 * says in the query how long it will wait.
 */
export function urlOf(target: WebhookTarget, timeoutMs: number): URL {
  const url =
    target.kind === 'url'
      ? new URL(target.url)
      : new URL(target.path === '' ? '/' : target.path, `https://${hostOf(target)}`)
  url.searchParams.set('timeout', `${timeoutMs / 1000}s`)
  return url
}

/** How messages name the URL; unlike `URL` they do not leave the usual port out. */
export function describeUrl(target: WebhookTarget, timeoutMs: number): string {
  const {href} = urlOf(target, timeoutMs)
  if (target.kind === 'url') return href
  return href.replace(/^https:\/\/[^/]+/, `https://${hostOf(target)}:${target.port}`)
}

/** The name that the certificate of a Service's server must be for. */
export function hostOf({name, namespace}: {name: string; namespace: string}): string {
  return `${name}.${namespace}.svc`
}

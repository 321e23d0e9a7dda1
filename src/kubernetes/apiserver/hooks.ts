import type {KubeObject} from '../../api/meta/object.ts'
import type {JsonObject} from './json-value.ts'
import {allocateService} from './registry/service-strategy.ts'
import type {ServedResource} from './registry/served-resource.ts'
import type {StrategyContext} from './registry/strategy.ts'
import type {ServerContext} from './request-context.ts'
import type {WebhookKind} from './admission/webhook-registry.ts'
import {EVENTS_PREFIX} from './event-expiry.ts'
import {serveDefinition, withdrawDefinition} from './crd/definitions.ts'
import {cleanUpInstances, releaseDefinitionOf} from './crd/instance-cleanup.ts'
import {reconsiderNames, settleNames} from './crd/names.ts'
import {invalid} from './validation/field-error.ts'

/** Gives a valid object what only the server can give, right before it is stored. */
export function beforeCreateInStorage(
  resource: ServedResource,
  object: JsonObject,
  context: StrategyContext,
): void {
  allocate(resource, object, undefined, context)
}

/** The same for a change. */
export function beforeUpdateInStorage(
  resource: ServedResource,
  object: JsonObject,
  old: KubeObject,
  context: StrategyContext,
): void {
  allocate(resource, object, old, context)
}

function allocate(
  resource: ServedResource,
  object: JsonObject,
  old: KubeObject | undefined,
  context: StrategyContext,
): void {
  const {group, kind} = resource.type
  if (isDefinition(resource)) settleNames(object, context.storage, context.clock.now())
  if (group !== '' || kind !== 'Service') return
  const errors = allocateService(object, old, context)
  if (errors.length === 0) return
  const meta = object['metadata'] as {name?: string} | undefined
  throw invalid({group, kind, name: meta?.name ?? ''}, errors)
}

/** Lets the server act on what was just written: a new CustomResourceDefinition is served. */
export function afterWrite(
  server: ServerContext,
  resource: ServedResource,
  object: KubeObject,
): void {
  if (isDefinition(resource)) {
    serveDefinition(server.registry, object)
    cleanUpInstances(server, object)
    reconsiderNames(server, object)
  }
  const webhook = webhookKind(resource)
  if (webhook !== undefined) server.webhooks.set(webhook, object)
  if (resource.storagePrefix === EVENTS_PREFIX) server.events.touch(object)
}

/** Lets the server act on what is gone. */
export function afterDelete(
  server: ServerContext,
  resource: ServedResource,
  object: KubeObject,
): void {
  if (isDefinition(resource)) {
    withdrawDefinition(server.registry, object)
    reconsiderNames(server, object)
  }
  if (resource.isCustom) releaseDefinitionOf(server, resource)
  const webhook = webhookKind(resource)
  if (webhook !== undefined) server.webhooks.remove(webhook, object)
  if (resource.storagePrefix === EVENTS_PREFIX) server.events.forget(object)
  resource.strategy.afterDelete?.(object, {...server, dryRun: false})
}

function isDefinition(resource: ServedResource): boolean {
  const {group, plural} = resource.type
  return group === 'apiextensions.k8s.io' && plural === 'customresourcedefinitions'
}

function webhookKind({type}: ServedResource): WebhookKind | undefined {
  if (type.group !== 'admissionregistration.k8s.io') return undefined
  if (type.kind === 'MutatingWebhookConfiguration') return 'mutating'
  return type.kind === 'ValidatingWebhookConfiguration' ? 'validating' : undefined
}

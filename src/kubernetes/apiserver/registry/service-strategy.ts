import type {KubeObject} from '../../../api/meta/object.ts'
import {defaultService, isExternallyAccessible} from '../defaulting/service.ts'
import {
  asJson,
  cloneJson,
  ensureObject,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json-value.ts'
import {dnsLabel, nameCheck} from '../validation/names.ts'
import {invalidValue, type FieldError} from '../validation/field-error.ts'
import {validateService, validateServiceUpdate} from '../validation/service.ts'
import {validateStack} from '../validation/service-addresses.ts'
import {strategy} from './base-strategy.ts'
import type {StrategyContext} from './strategy.ts'

/** Counterpart of k8s.io/kubernetes `pkg/registry/core/service`. */
export const serviceStrategy = strategy({
  hasStatus: true,
  createsOnUpdate: true,
  returnsDeletedObject: true,
  validateName: nameCheck(dnsLabel),
  applyDefaults: defaultService,
  prepareForCreate(object) {
    object['status'] = {loadBalancer: {}}
    normalizeAddresses(object)
  },
  prepareForUpdate(object, old) {
    inheritAddresses(object, asJson(old))
    normalizeAddresses(object)
  },
  validate: (object) => validateService(object),
  validateUpdate: (object, old) => validateServiceUpdate(object, asJson(old)),
  afterDelete: releaseService,
})

/** `clusterIP` and the first of `clusterIPs` are one thing in two places. */
function normalizeAddresses(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  const [first] = stringsAt(spec, 'clusterIPs')
  const single = stringAt(spec, 'clusterIP')
  if (single !== '' && first === undefined) spec['clusterIPs'] = [single]
  else if (single === '' && first !== undefined) spec['clusterIP'] = first
}

/** A client that leaves out what the server gave does not give it back. */
function inheritAddresses(object: JsonObject, old: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  const before = objectAt(old, 'spec')
  const needs = needsAddress(spec)
  if (needs && needsAddress(before)) {
    if (stringAt(spec, 'clusterIP') === '' && stringsAt(spec, 'clusterIPs').length === 0) {
      for (const name of ['clusterIP', 'clusterIPs']) {
        if (before[name] !== undefined) spec[name] = cloneJson(before[name])
      }
    }
    for (const name of ['ipFamilies', 'ipFamilyPolicy']) {
      if (before[name] !== undefined) setDefault(spec, name, cloneJson(before[name]))
    }
  }
  if (!needs) {
    for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
      delete spec[name]
    }
    delete spec['internalTrafficPolicy']
  }
  inheritNodePorts(spec, before)
}

function inheritNodePorts(spec: JsonObject, before: JsonObject): void {
  if (!isExternallyAccessible(spec)) delete spec['externalTrafficPolicy']
  if (!needsNodePorts(spec)) {
    for (const port of objectsAt(spec, 'ports')) delete port['nodePort']
    delete spec['healthCheckNodePort']
    if (spec['type'] !== 'LoadBalancer') delete spec['allocateLoadBalancerNodePorts']
    return
  }
  const known = objectsAt(before, 'ports')
  for (const port of objectsAt(spec, 'ports')) {
    if (port['nodePort'] !== undefined) continue
    const same = known.find(
      (other) => other['port'] === port['port'] && other['protocol'] === port['protocol'],
    )
    if (same?.['nodePort'] !== undefined) port['nodePort'] = same['nodePort']
  }
}

function needsAddress(spec: JsonObject): boolean {
  return spec['type'] !== 'ExternalName'
}

function needsNodePorts(spec: JsonObject): boolean {
  return (
    spec['type'] === 'NodePort' ||
    (spec['type'] === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false)
  )
}

/**
 * Gives a valid Service its cluster address and node ports, in place; what it asks for by itself is
 * reserved. On dry-run nothing stays reserved.
 *
 * Runs after validation, as upstream, so that a refused Service takes nothing.
 */
export function allocateService(
  object: JsonObject,
  old: KubeObject | undefined,
  context: StrategyContext,
): FieldError[] {
  const spec = ensureObject(object, 'spec')
  const before = objectAt(old && asJson(old), 'spec')
  const errors = [...allocateAddress(object, spec, before, context)]
  if (errors.length === 0) errors.push(...allocatePorts(object, spec, before, context))
  return errors
}

function allocateAddress(
  object: JsonObject,
  spec: JsonObject,
  before: JsonObject,
  {addresses, dryRun}: StrategyContext,
): FieldError[] {
  const had = stringAt(before, 'clusterIP')
  if (!needsAddress(spec)) {
    if (had !== '' && had !== 'None' && !dryRun) addresses.release(had)
    return []
  }
  const missing = validateStack(spec)
  if (missing.length > 0) return missing
  setDefault(spec, 'ipFamilies', ['IPv4'])
  setDefault(spec, 'ipFamilyPolicy', 'SingleStack')
  const wanted = stringAt(spec, 'clusterIP')
  if (wanted === 'None' || (wanted !== '' && wanted === had)) return []
  if (wanted === '') {
    const meta = objectAt(object, 'metadata')
    const address = addresses.allocate(`${stringAt(meta, 'namespace')}/${stringAt(meta, 'name')}`)
    if (dryRun) addresses.release(address)
    spec['clusterIP'] = address
    spec['clusterIPs'] = [address]
    return []
  }
  const refuse = (why: string): FieldError[] => [
    invalidValue('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: ${why}`),
  ]
  if (!addresses.contains(wanted)) {
    return refuse('the provided network does not match the current range')
  }
  if (addresses.isTaken(wanted)) return refuse('provided IP is already allocated')
  if (!dryRun) addresses.reserve(wanted)
  return []
}

function allocatePorts(
  object: JsonObject,
  spec: JsonObject,
  before: JsonObject,
  {nodePorts, dryRun}: StrategyContext,
): FieldError[] {
  const had = new Set(objectsAt(before, 'ports').map((port) => port['nodePort']))
  const kept = new Set<unknown>()
  const errors: FieldError[] = []
  if (needsNodePorts(spec)) {
    const meta = objectAt(object, 'metadata')
    objectsAt(spec, 'ports').forEach((port, index) => {
      const wanted = port['nodePort']
      const field = `spec.ports[${index}].nodePort`
      if (typeof wanted !== 'number') {
        const seed = `${stringAt(meta, 'namespace')}/${stringAt(meta, 'name')}/${index}`
        const given = nodePorts.allocate(seed)
        if (dryRun) nodePorts.release(given)
        port['nodePort'] = given
      } else if (!had.has(wanted) && !kept.has(wanted)) {
        if (!nodePorts.contains(wanted)) {
          const detail =
            'provided port is not in the valid range. The range of valid ports is 30000-32767'
          errors.push(invalidValue(field, wanted, detail))
        } else if (nodePorts.isTaken(wanted)) {
          errors.push(invalidValue(field, wanted, 'provided port is already allocated'))
        } else if (!dryRun) nodePorts.reserve(wanted)
      }
      kept.add(port['nodePort'])
    })
  }
  if (!dryRun) {
    for (const port of had) {
      if (typeof port === 'number' && !kept.has(port)) nodePorts.release(port)
    }
  }
  return errors
}

/** Takes note of the addresses and ports of a stored Service, at the start of a server. */
export function reserveService(object: KubeObject, context: StrategyContext): void {
  const spec = objectAt(asJson(object), 'spec')
  for (const address of stringsAt(spec, 'clusterIPs')) {
    if (address !== 'None') context.addresses.reserve(address)
  }
  for (const port of objectsAt(spec, 'ports')) {
    if (typeof port['nodePort'] === 'number') context.nodePorts.reserve(port['nodePort'])
  }
}

function releaseService(object: KubeObject, context: StrategyContext): void {
  const spec = objectAt(asJson(object), 'spec')
  for (const address of stringsAt(spec, 'clusterIPs')) context.addresses.release(address)
  for (const port of objectsAt(spec, 'ports')) {
    if (typeof port['nodePort'] === 'number') context.nodePorts.release(port['nodePort'])
  }
}

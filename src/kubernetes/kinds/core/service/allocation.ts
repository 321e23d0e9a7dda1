import type {KubeObject} from '../../../../api/meta/object.ts'
import {
  asJson,
  ensureObject,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {invalidValue, type FieldError} from '../../../apiserver/validation/field-error.ts'
import {validateStack} from './address-families.ts'
import type {PortAllocator, ServiceAddresses} from './allocators.ts'
import {needsAddress, needsNodePorts} from './inheritance.ts'

/** What Services of one cluster get their addresses and ports from. */
export interface ServiceAllocators {
  readonly addresses: ServiceAddresses
  readonly nodePorts: PortAllocator
}

interface ServiceAllocation extends ServiceAllocators {
  readonly dryRun: boolean
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
  context: ServiceAllocation,
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
  {addresses, dryRun}: ServiceAllocation,
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
  {nodePorts, dryRun}: ServiceAllocation,
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
export function reserveService(object: KubeObject, context: ServiceAllocators): void {
  const spec = objectAt(asJson(object), 'spec')
  for (const address of stringsAt(spec, 'clusterIPs')) {
    if (address !== 'None') context.addresses.reserve(address)
  }
  for (const port of objectsAt(spec, 'ports')) {
    if (typeof port['nodePort'] === 'number') context.nodePorts.reserve(port['nodePort'])
  }
}

/** Gives back what a Service had that is gone. */
export function releaseService(object: KubeObject, context: ServiceAllocators): void {
  const spec = objectAt(asJson(object), 'spec')
  for (const address of stringsAt(spec, 'clusterIPs')) context.addresses.release(address)
  for (const port of objectsAt(spec, 'ports')) {
    if (typeof port['nodePort'] === 'number') context.nodePorts.release(port['nodePort'])
  }
}

import {
  cloneJson,
  ensureObject,
  objectAt,
  objectsAt,
  setDefault,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../../apiserver/json-value.ts'
import {isExternallyAccessible} from './defaults.ts'

/** `clusterIP` and the first of `clusterIPs` are one thing in two places. */
export function normalizeAddresses(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  const [first] = stringsAt(spec, 'clusterIPs')
  const single = stringAt(spec, 'clusterIP')
  if (single !== '' && first === undefined) spec['clusterIPs'] = [single]
  else if (single === '' && first !== undefined) spec['clusterIP'] = first
}

/** A client that leaves out what the server gave does not give it back. */
export function inheritAddresses(object: JsonObject, old: JsonObject): void {
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

/** Whether a Service of this spec has an address in the cluster. */
export function needsAddress(spec: JsonObject): boolean {
  return spec['type'] !== 'ExternalName'
}

/** Whether its ports are ports of every node too. */
export function needsNodePorts(spec: JsonObject): boolean {
  return (
    spec['type'] === 'NodePort' ||
    (spec['type'] === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false)
  )
}

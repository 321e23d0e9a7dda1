import type {CoreService, Endpoints} from '../../api/core/v1.ts'
import {keyOf, type KubeObject} from '../../api/meta/object.ts'
import {findTarget, type ServiceTarget} from './service-target.ts'

/**
 * Finds what is behind a port of a core Service: the ready addresses of its Endpoints with the target
 * port, or the name it stands for. Undefined when there is no such Service.
 *
 * It is asked once per request and must answer from an index.
 */
export type ServiceResolver = (
  name: string,
  namespace: string,
  port: number,
) => ServiceTarget | undefined

/** The objects of a kind as an informer holds them. */
interface Watched<T extends KubeObject> {
  get(namespace: string | undefined, name: string): T | undefined
  addHandler(handler: {onSet(object: T): void; onDelete(object: T): void}): unknown
}

/**
 * Answers, from what is watched, where a port of a core Service leads: what kube-proxy and the
 * cluster's DNS do together. Addresses are worked out once per change of a Service or its Endpoints.
 */
export function createServiceResolver(
  services: Watched<CoreService>,
  endpoints: Watched<Endpoints>,
): ServiceResolver {
  const targets = new Map<string, Map<number, ServiceTarget>>()
  const forget = (object: KubeObject): void => void targets.delete(keyOf(object))
  services.addHandler({onSet: forget, onDelete: forget})
  endpoints.addHandler({onSet: forget, onDelete: forget})

  return (name, namespace, port) => {
    const key = `${namespace}/${name}`
    const known = targets.get(key)?.get(port)
    if (known !== undefined) return known
    const target = findTarget(services.get(namespace, name), endpoints.get(namespace, name), port)
    if (target === undefined) return undefined
    const ports = targets.get(key) ?? new Map<number, ServiceTarget>()
    targets.set(key, ports.set(port, target))
    return target
  }
}

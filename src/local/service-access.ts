import type {Duplex} from 'node:stream'
import {connect} from 'node:net'
import type {CoreService, Endpoints, Pod} from '../api/core/v1.ts'
import type {Lister} from '../controller/informer.ts'
import type {PodAccess} from '../kubernetes/apiserver/pod-access.ts'
import type {ServiceAccess} from '../kubernetes/apiserver/service-access.ts'
import {addressesOfPort, findServicePort} from '../kubernetes/kube-proxy/service-target.ts'

/** Services whose pods show parts of this program: those parts are asked directly. */
const RESIDENT_SERVICES = new Set([
  'knative-serving/webhook',
  'knative-serving/net-istio-webhook',
  'istio-system/istiod',
])

/** What the way to Services is made of. */
export interface ServiceAccessOptions {
  readonly services: Pick<Lister<CoreService>, 'get'>
  readonly endpoints: Pick<Lister<Endpoints>, 'get'>
  readonly pods: Pick<Lister<Pod>, 'get'>
  readonly dial: PodAccess['dial']
  /** Whether parts of this program run in the place of all containers of a pod. */
  readonly isComponent: (pod: Pod) => boolean
}

/**
 * The way of the API server to what is behind a Service.
 *
 * | Service                         | ready endpoint          | leads to                   |
 * | ------------------------------- | ----------------------- | -------------------------- |
 * | missing                         |                         | an error                   |
 * | ExternalName                    |                         | that host                  |
 * | without this port               |                         | an error                   |
 * | of a part of this program       | none                    | that part                  |
 * | any                             | pod of such parts       | those parts                |
 * | any                             | pod with other programs | the pod's port             |
 * | any other                       | none                    | connection refused         |
 *
 * Counterpart of apiserver `proxy.ServiceResolver` and of kube-proxy.
 */
export function createServiceAccess(options: ServiceAccessOptions): ServiceAccess {
  const {services, endpoints, pods} = options
  return {
    async connect(namespace, name, port) {
      const service = services.get(namespace, name)
      if (service === undefined) throw new Error(`service "${name}" not found`)
      if (service.spec.type === 'ExternalName') return dialHost(service, port)
      const servicePort = findServicePort(service, port)
      if (servicePort === undefined) {
        throw new Error(`no service port ${port} found for service "${name}"`)
      }
      const addresses = addressesOfPort(endpoints.get(namespace, name), servicePort.name)
      for (const {targetRef, port: podPort} of addresses) {
        const pod = targetRef?.name === undefined ? undefined : pods.get(namespace, targetRef.name)
        if (pod === undefined) continue
        if (options.isComponent(pod)) return 'in-process'
        try {
          return await options.dial(namespace, pod.metadata.name, podPort)
        } catch (cause) {
          throw refused(service, port, cause)
        }
      }
      if (RESIDENT_SERVICES.has(`${namespace}/${name}`)) return 'in-process'
      throw refused(service, port)
    },
  }
}

function refused({spec}: CoreService, port: number, cause?: unknown): Error {
  return new Error(`dial tcp ${spec.clusterIP}:${port}: connect: connection refused`, {cause})
}

function dialHost({spec}: CoreService, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({host: spec.externalName ?? '', port})
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

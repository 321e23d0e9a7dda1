import {IngressGateway} from '../../istio/gateway/gateway.ts'
import type {ComponentImage} from '../../kubernetes/runtimes/component/component-runtime.ts'
import {feedGateway} from '../feeds/gateway-feed.ts'
import type {ComponentDeps} from './component-deps.ts'

/** istio-ingressgateway, as the container of its pod. Its socket belongs to the front. */
export function gatewayImage(deps: ComponentDeps): ComponentImage {
  const {clock, informers, network, front, resolveService, onExchange} = deps
  return {
    name: 'istio-ingressgateway',
    images: ['docker.io/istio/proxyv2*', 'gcr.io/istio-release/proxyv2*', 'istio/proxyv2*'],
    start({pod, sandbox, log}) {
      const gateway = new IngressGateway({
        clock,
        network,
        resolveService,
        labels: pod.metadata.labels ?? {},
        podIp: sandbox.podIp,
        httpsPort: () => front.httpsPort,
        log: (line) => log('stdout', `${line}\n`),
        ...(onExchange !== undefined && {onExchange}),
      })
      const endFeed = feedGateway(informers, gateway, pod.metadata.namespace)
      const remove = front.add(gateway)
      return {
        ready: () => true,
        async stop() {
          remove()
          endFeed()
          await gateway.close()
        },
      }
    },
  }
}

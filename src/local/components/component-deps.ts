import type {ConfigStore} from '../../api/config/config-store.ts'
import type {InformerFactory} from '../../controller/informer.ts'
import type {ClusterNetwork} from '../../http/cluster-network.ts'
import type {ExchangeRecord} from '../../istio/gateway/exchange-record.ts'
import type {ServiceResolver} from '../../kubernetes/kube-proxy/service-resolver.ts'
import type {Autoscaler} from '../../knative/autoscaler/autoscaler.ts'
import type {Clock} from '../../util/clock.ts'
import type {GatewayFront} from '../gateway-front.ts'
import type {QueueProxies} from '../queue-proxies.ts'

/** What the components that run as containers are put together from. */
export interface ComponentDeps {
  readonly clock: Clock
  readonly informers: InformerFactory
  readonly network: ClusterNetwork
  readonly configs: ConfigStore
  readonly autoscaler: Autoscaler
  readonly queueProxies: QueueProxies
  readonly front: GatewayFront
  readonly resolveService: ServiceResolver
  readonly onExchange?: (record: ExchangeRecord) => void
}

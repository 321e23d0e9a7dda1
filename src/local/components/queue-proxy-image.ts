import {KUBELET_USER_AGENT, PROBE_HEADER} from '../../api/networking/headers.ts'
import {
  AUTOSCALING_METRICS_PORT,
  BACKEND_HTTPS_PORT,
  QUEUE_ADMIN_PORT,
  USER_METRICS_PORT,
} from '../../api/networking/ports.ts'
import {callHandler} from '../../http/in-process.ts'
import type {Upstream} from '../../http/upstream.ts'
import {createQueueProxy, type QueueProxy} from '../../knative/queue-proxy/queue-proxy.ts'
import type {ComponentImage} from '../../kubernetes/runtimes/component/component-runtime.ts'
import type {ComponentDeps} from './component-deps.ts'

/** The queue-proxy's port for revisions that speak HTTP/2 without TLS. */
const H2C_PORT = '8013'
/** In one process news travel at once: nothing more can arrive soon after a pod left the endpoints. */
const DRAIN_QUIET_PERIOD_MS = 500

/** The queue-proxy of a revision's pod, as the container beside the user's. */
export function queueProxyImage(deps: ComponentDeps): ComponentImage {
  const {clock, network, queueProxies} = deps
  return {
    name: 'queue-proxy',
    images: ['gcr.io/knative-releases/knative.dev/serving/cmd/queue*'],
    start({env, sandbox, log}) {
      const userPort = Number(env['USER_PORT'])
      const {podIp} = sandbox
      const releases: (() => void)[] = []
      let proxy: QueueProxy | undefined
      /** Begins once the user's container has begun: before, there is nothing to stand in front of. */
      const begin = (): QueueProxy | undefined => {
        const upstream = proxy === undefined ? speaking(sandbox.dial(userPort), env) : undefined
        if (upstream === undefined) return proxy
        proxy = createQueueProxy({
          env,
          clock,
          upstream,
          log: (line) => log('stdout', `${line}\n`),
          drainQuietPeriodMs: DRAIN_QUIET_PERIOD_MS,
        })
        releases.push(
          network.bind(podIp, Number(env['QUEUE_SERVING_PORT']), proxy.handler),
          // Nothing is encrypted within one process.
          network.bind(podIp, BACKEND_HTTPS_PORT, proxy.handler),
          network.bind(podIp, QUEUE_ADMIN_PORT, proxy.adminHandler),
          network.bind(podIp, AUTOSCALING_METRICS_PORT, proxy.metricsHandler),
          ...(proxy.userMetricsHandler === undefined
            ? []
            : [network.bind(podIp, USER_METRICS_PORT, proxy.userMetricsHandler)]),
          queueProxies.add(`${env['SERVING_NAMESPACE']}/${env['SERVING_REVISION']}`, proxy),
        )
        return proxy
      }
      const kill = async (): Promise<void> => {
        for (const release of releases.splice(0)) release()
        await proxy?.close()
      }
      begin()
      return {
        ready: () => {
          const begun = begin()
          if (begun === undefined) return false
          return begun.config.logProbes
            ? askByRequest(begun, `${podIp}:${env['QUEUE_SERVING_PORT']}`)
            : begun.probe()
        },
        async stop() {
          await proxy?.drain()
          await kill()
        },
        kill,
      }
    },
  }
}

/** Asks as the kubelet does on a real node, where somebody wants to see that in the request log. */
async function askByRequest({handler}: QueueProxy, authority: string): Promise<boolean> {
  const {status, body} = await callHandler(handler, {
    host: authority,
    headers: {'user-agent': KUBELET_USER_AGENT, [PROBE_HEADER]: 'queue'},
  })
  body.destroy()
  return status === 200
}

/** The upstream in the protocol of the revision: the port the queue-proxy is told to serve names it. */
function speaking(
  upstream: Upstream | undefined,
  env: Readonly<Record<string, string>>,
): Upstream | undefined {
  const isH2c = env['QUEUE_SERVING_PORT'] === H2C_PORT
  return isH2c && upstream?.kind === 'tcp' ? {...upstream, protocol: 'h2c'} : upstream
}

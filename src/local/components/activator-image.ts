import {
  BACKEND_HTTP2_PORT,
  BACKEND_HTTP_PORT,
  BACKEND_HTTPS_PORT,
} from '../../api/networking/ports.ts'
import {Activator} from '../../knative/activator/activator.ts'
import type {ComponentImage} from '../../kubernetes/runtimes/component/component-runtime.ts'
import {feedActivator} from '../feeds/activator-feed.ts'
import type {ComponentDeps} from './component-deps.ts'

/** Ports of the activator's pod: nothing is encrypted within one process, and each takes it all. */
const PORTS = [BACKEND_HTTP_PORT, BACKEND_HTTP2_PORT, BACKEND_HTTPS_PORT]

/** The activator, as the container of its pod. */
export function activatorImage(deps: ComponentDeps): ComponentImage {
  const {clock, informers, network, autoscaler, configs} = deps
  return {
    name: 'activator',
    images: ['gcr.io/knative-releases/knative.dev/serving/cmd/activator*'],
    start({pod, sandbox, log}) {
      const activator = new Activator({
        clock,
        network,
        pod: {name: pod.metadata.name, ip: sandbox.podIp},
        statSink: (messages) => {
          for (const {revision, stat} of messages) autoscaler.report(revision, stat)
        },
        log: (line) => log('stdout', `${line}\n`),
        requestLogTemplate: () => {
          const {enableRequestLog, requestLogTemplate} = configs.snapshot().observability
          return enableRequestLog ? requestLogTemplate : undefined
        },
      })
      const endFeed = feedActivator(informers, activator)
      const releases = PORTS.map((port) => network.bind(sandbox.podIp, port, activator.handler))
      return {
        ready: () => true,
        stop() {
          for (const release of releases) release()
          endFeed()
          activator.close()
        },
      }
    },
  }
}

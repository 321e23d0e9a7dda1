import type {ComponentImage} from '../../kubernetes/runtimes/component/component-runtime.ts'
import {activatorImage} from './activator-image.ts'
import type {ComponentDeps} from './component-deps.ts'
import {gatewayImage} from './gateway-image.ts'
import {queueProxyImage} from './queue-proxy-image.ts'
import {type ComponentLogs, residentImages} from './resident-image.ts'

/** Everything of Knative and Istio that runs as a container of the embedded cluster. */
export function componentImages(deps: ComponentDeps & {logs: ComponentLogs}): ComponentImage[] {
  return [
    activatorImage(deps),
    gatewayImage(deps),
    queueProxyImage(deps),
    ...residentImages(deps.logs),
  ]
}

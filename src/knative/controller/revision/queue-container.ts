/** The sidecar of every revision. Counterpart of `pkg/reconciler/revision/resources/queue.go`. */
import type {Container, ContainerPort} from '../../../api/core/v1.ts'
import {
  AUTOSCALING_METRICS_PORT,
  BACKEND_HTTP2_PORT,
  BACKEND_HTTPS_PORT,
  BACKEND_HTTP_PORT,
  PROFILING_PORT,
  QUEUE_ADMIN_PORT,
  USER_METRICS_PORT,
} from '../../../api/networking/ports.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import type {RevisionConfig} from './config.ts'
import {makeQueueEnvironment} from './queue-environment.ts'
import {makeQueueResources} from './queue-resources.ts'
import {makeQueueReadinessProbe} from './readiness-probe.ts'
import {protocolOf} from '../serving-container.ts'

const SECURITY_CONTEXT = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: {drop: ['ALL']},
  seccompProfile: {type: 'RuntimeDefault'},
}

/** The queue-proxy container of a revision, without the volumes some features mount into it. */
export function makeQueueContainer(revision: Revision, config: RevisionConfig): Container {
  const servingPort = protocolOf(revision) === 'h2c' ? BACKEND_HTTP2_PORT : BACKEND_HTTP_PORT
  const readinessProbe = makeQueueReadinessProbe(revision, servingPort)
  return {
    name: 'queue-proxy',
    image: config.deployment.queueSidecarImage,
    resources: makeQueueResources(revision, config),
    ports: makePorts(servingPort, config.observability.enableProfiling),
    ...(readinessProbe !== undefined && {readinessProbe}),
    securityContext: SECURITY_CONTEXT,
    env: makeQueueEnvironment(revision, servingPort, config),
  }
}

function makePorts(servingPort: number, withProfiling: boolean): ContainerPort[] {
  return [
    {name: 'http-queueadm', containerPort: QUEUE_ADMIN_PORT},
    {name: 'http-autometric', containerPort: AUTOSCALING_METRICS_PORT},
    {name: 'http-usermetric', containerPort: USER_METRICS_PORT},
    ...(withProfiling ? [{name: 'profiling-port', containerPort: PROFILING_PORT}] : []),
    {name: 'queue-port', containerPort: servingPort},
    {name: 'https-port', containerPort: BACKEND_HTTPS_PORT},
  ]
}

/** The author's containers as they run in a pod. Counterpart of `resources/deploy.go`. */
import type {Container, EnvVar, Probe} from '../../../api/core/v1.ts'
import {QUEUE_ADMIN_PORT} from '../../../api/networking/ports.ts'
import {CONFIGURATION_LABEL, SERVICE_LABEL} from '../../../api/serving/metadata-keys.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import {aimLivenessProbe} from './readiness-probe.ts'
import {userPort} from '../serving-container.ts'

// The hook asks the queue-proxy, since both share the pod's address: the program lives on until the
// queue-proxy has no request left.
const LIFECYCLE: NonNullable<Container['lifecycle']> = {
  preStop: {httpGet: {port: QUEUE_ADMIN_PORT, path: '/wait-for-drain'}},
}

/** The containers of a revision, in their order, with resolved images where those are known. */
export function makeUserContainers(revision: Revision): Container[] {
  const {containers} = revision.spec
  const statuses = revision.status?.containerStatuses ?? []
  return containers.map((container, index) => {
    const serves = (container.ports ?? []).length > 0 || containers.length === 1
    const made = serves
      ? makeServingContainer(container, revision)
      : makeContainer(container, revision)
    const digest = statuses[index]?.imageDigest ?? ''
    return digest === '' ? made : {...made, image: digest}
  })
}

function makeServingContainer(container: Container, revision: Revision): Container {
  const port = userPort(revision)
  const {readinessProbe, livenessProbe, ...rest} = container
  return makeContainer(
    {
      ...rest,
      ports: [{name: 'user-port', containerPort: port}],
      env: [...(container.env ?? []), {name: 'PORT', value: String(port)}],
      // All others are run by the queue-proxy.
      ...(readinessProbe !== undefined && isRunByKubelet(readinessProbe) && {readinessProbe}),
      ...(livenessProbe !== undefined && {livenessProbe: aimLivenessProbe(livenessProbe, port)}),
    },
    revision,
  )
}

function isRunByKubelet(probe: Probe): boolean {
  return probe.httpGet === undefined && probe.tcpSocket === undefined && probe.grpc === undefined
}

function makeContainer(container: Container, revision: Revision): Container {
  const {stdin: _stdin, tty: _tty, ...rest} = container
  return {
    ...rest,
    lifecycle: LIFECYCLE,
    env: [...(container.env ?? []), ...makeKnativeEnvironment(revision)],
    terminationMessagePolicy: container.terminationMessagePolicy ?? 'FallbackToLogsOnError',
  }
}

function makeKnativeEnvironment(revision: Revision): EnvVar[] {
  const {name, labels} = revision.metadata
  return [
    variable('K_REVISION', name),
    variable('K_CONFIGURATION', labels?.[CONFIGURATION_LABEL]),
    variable('K_SERVICE', labels?.[SERVICE_LABEL]),
  ]
}

function variable(name: string, value: string | undefined): EnvVar {
  return value === undefined || value === '' ? {name} : {name, value}
}

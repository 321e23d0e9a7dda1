/** Defaults of a RevisionSpec. Counterpart of `pkg/apis/serving/v1/revision_defaults.go`. */
import {containerNameFor, type DefaultsConfig} from '../config/defaults.ts'
import type {Container} from '../core/v1.ts'
import {childName} from '../meta/child-name.ts'
import type {TemplateContext} from './admission-context.ts'
import {defaultSecurityContext} from './security-defaults.ts'
import type {RevisionSpec} from './v1.ts'

/** Fills in what the author of a revision left open, in place. */
export function setRevisionSpecDefaults(spec: RevisionSpec, context: TemplateContext): void {
  const {defaults, features} = context.configs
  setTimeouts(spec, defaults)
  spec.containerConcurrency ??= defaults.containerConcurrency
  const containers = spec.containers ?? []
  const initContainers = spec.initContainers ?? []
  const names = new Set([...containers, ...initContainers].map((container) => container.name))
  nameContainers(containers, names, containerNameFor(defaults, 'user', context.parent))
  nameContainers(initContainers, names, containerNameFor(defaults, 'init', context.parent))
  for (const container of containers) {
    setContainerDefaults(spec, container, context)
    if (features.securePodDefaults === 'Enabled') {
      defaultSecurityContext(spec.securityContext, container)
    }
  }
  if (features.securePodDefaults !== 'Enabled') return
  for (const container of initContainers) defaultSecurityContext(spec.securityContext, container)
}

/** The smaller timeouts are left open where the cluster's default would not fit into the revision's own. */
function setTimeouts(spec: RevisionSpec, defaults: DefaultsConfig): void {
  if (spec.timeoutSeconds === undefined || spec.timeoutSeconds === 0) {
    spec.timeoutSeconds = defaults.revisionTimeoutSeconds
  }
  const idle = defaults.revisionIdleTimeoutSeconds
  if (spec.idleTimeoutSeconds === undefined && idle !== 0 && idle < spec.timeoutSeconds) {
    spec.idleTimeoutSeconds = idle
  }
  const start = defaults.revisionResponseStartTimeoutSeconds
  if (
    spec.responseStartTimeoutSeconds === undefined &&
    start !== 0 &&
    start < spec.timeoutSeconds
  ) {
    spec.responseStartTimeoutSeconds = start
  }
}

/** Gives names to containers without one; where the default would clash, numbered ones. */
function nameContainers(
  containers: readonly Container[],
  taken: ReadonlySet<string | undefined>,
  fallback: string,
): void {
  let suffix = 0
  for (const container of containers) {
    if ((container.name ?? '') !== '') continue
    let name = fallback
    if (containers.length > 1 || taken.has(name)) {
      do {
        name = childName(fallback, `-${suffix++}`)
      } while (taken.has(name))
    }
    container.name = name
  }
}

function setContainerDefaults(
  spec: RevisionSpec,
  container: Container,
  context: TemplateContext,
): void {
  const {defaults} = context.configs
  setResources(container, defaults)
  // Of several containers only the one with a port serves, and only that is probed.
  if (spec.containers.length === 1 || (container.ports ?? []).length > 0) {
    setProbeDefaults(container)
  }
  if (
    spec.enableServiceLinks === undefined &&
    context.operation === 'CREATE' &&
    defaults.enableServiceLinks !== undefined
  ) {
    spec.enableServiceLinks = defaults.enableServiceLinks
  }
  const writable = new Set(
    (spec.volumes ?? [])
      .filter((volume) => isSet(volume['emptyDir']) || isSet(volume['persistentVolumeClaim']))
      .map((volume) => volume.name),
  )
  for (const mount of container.volumeMounts ?? []) {
    if (!writable.has(mount.name)) mount.readOnly = true
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

function setResources(container: Container, defaults: DefaultsConfig): void {
  container.resources ??= {}
  fill(container.resources, 'requests', {
    cpu: defaults.revisionCpuRequest,
    memory: defaults.revisionMemoryRequest,
    'ephemeral-storage': defaults.revisionEphemeralStorageRequest,
  })
  fill(container.resources, 'limits', {
    cpu: defaults.revisionCpuLimit,
    memory: defaults.revisionMemoryLimit,
    'ephemeral-storage': defaults.revisionEphemeralStorageLimit,
  })
}

function fill(
  resources: NonNullable<Container['resources']>,
  side: 'requests' | 'limits',
  quantities: Readonly<Record<string, string | undefined>>,
): void {
  for (const [resource, quantity] of Object.entries(quantities)) {
    if (quantity === undefined) continue
    const list = (resources[side] ??= {})
    list[resource] ??= quantity
  }
}

function setProbeDefaults(container: Container): void {
  const probe = (container.readinessProbe ??= {})
  if (
    !isSet(probe.tcpSocket) &&
    !isSet(probe.httpGet) &&
    !isSet(probe.exec) &&
    !isSet(probe.grpc)
  ) {
    // Port 0 stands for the port of the container, whatever it is.
    probe.tcpSocket = {port: 0}
  }
  probe.successThreshold = probe.successThreshold || 1
  // Without a period the queue-proxy probes in its own rhythm, and these two mean nothing.
  if ((probe.periodSeconds ?? 0) !== 0) {
    probe.failureThreshold = probe.failureThreshold || 3
    probe.timeoutSeconds = probe.timeoutSeconds || 1
  }
  for (const each of [container.readinessProbe, container.livenessProbe, container.startupProbe]) {
    if (each?.grpc !== undefined && !isSet(each.grpc.service)) each.grpc.service = ''
  }
}

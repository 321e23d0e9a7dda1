import type Docker from 'dockerode'
import type {Container, Pod} from '../../../api/core/v1.ts'
import {hostnameOf} from '../hostname.ts'
import {proxyEnvironment} from '../proxy-environment.ts'
import {runAsOf} from '../run-as.ts'
import type {Mount, StartRequest} from '../runtime.ts'

/** How a container is reached: by published ports, or because it shares this machine's network. */
export type NetworkMode = 'published' | 'host'

/** Label: the process that started a container, as `pid:start time`. */
export const OWNER_LABEL = 'dev.kntool.owner'

/** What a container has from the cluster it belongs to. */
export interface ContainerOrigin {
  /** The value of {@link OWNER_LABEL}. */
  readonly owner: string
  /** The URL of the proxy that knows the cluster's Services. */
  readonly proxy?: string | undefined
}

/**
 * What an engine is told to create for a container of a pod.
 *
 * With published ports the program listens where its spec says, and only on 127.0.0.1 of this
 * machine. In the host's network every replica needs a port of its own, which it is told in `PORT`.
 */
export function makeContainerConfig(
  request: StartRequest,
  hostPorts: ReadonlyMap<number, number>,
  mode: NetworkMode,
  {owner, proxy}: ContainerOrigin,
): Docker.ContainerCreateOptions {
  const {pod, container, image, command, args, volumes} = request
  const {name, namespace = '', uid = ''} = pod.metadata
  const ports = [...hostPorts]
  const published = mode === 'published'
  return {
    Image: image,
    ...(command !== undefined && {Entrypoint: [...command]}),
    ...(args !== undefined && {Cmd: [...args]}),
    Env: Object.entries(makeEnv(request, hostPorts, mode, proxy)).map(
      ([key, value]) => `${key}=${value}`,
    ),
    ...(container.workingDir !== undefined && {WorkingDir: container.workingDir}),
    ...(container.stdin === true && {
      OpenStdin: true,
      StdinOnce: container.stdinOnce === true,
    }),
    ...(container.tty === true && {Tty: true}),
    ...userOf(pod, container),
    // In the network of this machine a container has this machine's name.
    ...(published && {Hostname: hostnameOf(pod)}),
    Labels: {
      [OWNER_LABEL]: owner,
      'io.kubernetes.pod.name': name,
      'io.kubernetes.pod.namespace': namespace,
      'io.kubernetes.pod.uid': uid,
      'io.kubernetes.container.name': container.name ?? '',
    },
    ...(published && {
      ExposedPorts: Object.fromEntries(ports.map(([port]) => [`${port}/tcp`, {}])),
    }),
    HostConfig: {
      ...(volumes !== undefined && {Mounts: volumes.mounts.map(toBind)}),
      ...(published
        ? {
            PortBindings: Object.fromEntries(
              ports.map(([port, hostPort]) => [
                `${port}/tcp`,
                [{HostIp: '127.0.0.1', HostPort: String(hostPort)}],
              ]),
            ),
          }
        : {NetworkMode: 'host'}),
    },
  }
}

function userOf(pod: Pod, container: Container): {User?: string} {
  const {runAsUser, runAsGroup} = runAsOf(pod, container)
  if (runAsUser === undefined) return runAsGroup === undefined ? {} : {User: `0:${runAsGroup}`}
  return {User: runAsGroup === undefined ? `${runAsUser}` : `${runAsUser}:${runAsGroup}`}
}

function toBind({source, mountPath, readOnly}: Mount): Docker.MountSettings {
  return {Type: 'bind', Source: source, Target: mountPath, ReadOnly: readOnly}
}

function makeEnv(
  {pod, env, ports}: StartRequest,
  hostPorts: ReadonlyMap<number, number>,
  mode: NetworkMode,
  proxy: string | undefined,
): Readonly<Record<string, string>> {
  if (mode === 'published') {
    // The machine may keep its bridges shut: what is encrypted goes its own way.
    return {...env, ...(proxy !== undefined && proxyEnvironment(env, proxy, 'http-only'))}
  }
  const own = ports[0] === undefined ? undefined : hostPorts.get(ports[0])
  return {
    HOSTNAME: hostnameOf(pod),
    ...env,
    ...(own !== undefined && {PORT: String(own)}),
    ...(proxy !== undefined && proxyEnvironment(env, proxy)),
  }
}

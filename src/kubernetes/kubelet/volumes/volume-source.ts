/** What the volumes of a pod are made of, as far as this node can make them. */
import type {Container, EnvVar, Pod, PodSpec} from '../../../api/core/v1.ts'

type Selectors = NonNullable<EnvVar['valueFrom']>

/** A key of a ConfigMap or Secret, and the file it becomes. */
export interface KeyToPath {
  readonly key: string
  readonly path: string
  readonly mode?: number
}

/** Files of a ConfigMap or Secret. */
export interface KeyedSource {
  readonly items?: readonly KeyToPath[]
  readonly optional?: boolean
}

/** A field of the pod, and the file it becomes. */
export interface DownwardFile extends Pick<Selectors, 'fieldRef' | 'resourceFieldRef'> {
  readonly path: string
  readonly mode?: number
}

/** One of the sources of a projected volume. */
export interface Projection {
  readonly configMap?: KeyedSource & {readonly name?: string}
  readonly secret?: KeyedSource & {readonly name?: string}
  readonly downwardAPI?: {readonly items?: readonly DownwardFile[]}
  readonly serviceAccountToken?: {
    readonly path: string
    readonly audience?: string
    readonly expirationSeconds?: number
  }
}

/** `v1` Volume; other sources are of kinds that this node has not. */
export interface Volume {
  readonly name: string
  readonly configMap?: Projection['configMap'] & {readonly defaultMode?: number}
  readonly secret?: KeyedSource & {readonly secretName?: string; readonly defaultMode?: number}
  readonly downwardAPI?: Projection['downwardAPI'] & {readonly defaultMode?: number}
  readonly projected?: {readonly sources?: readonly Projection[]; readonly defaultMode?: number}
  readonly emptyDir?: object
  readonly hostPath?: {readonly path: string; readonly type?: string}
}

/** Where the files of a volume come from, all kinds of files in one form; undefined for no files. */
export function projectionsOf(
  volume: Volume,
): {readonly sources: readonly Projection[]; readonly defaultMode: number} | undefined {
  const {configMap, secret, downwardAPI, projected} = volume
  const defaultMode = (configMap ?? secret ?? downwardAPI ?? projected)?.defaultMode ?? 0o644
  if (projected !== undefined) return {sources: projected.sources ?? [], defaultMode}
  if (configMap !== undefined) return {sources: [{configMap}], defaultMode}
  if (downwardAPI !== undefined) return {sources: [{downwardAPI}], defaultMode}
  if (secret === undefined) return undefined
  const {secretName: name = ''} = secret
  return {sources: [{secret: {...secret, name}}], defaultMode}
}

/** The ConfigMaps and Secrets that volumes show, as `configmap/name` and `secret/name`. */
export function referencesOf(volumes: readonly Volume[]): Set<string> {
  const sources = volumes.flatMap((volume) => projectionsOf(volume)?.sources ?? [])
  return new Set(
    sources.flatMap(({configMap, secret}) => [
      ...(configMap === undefined ? [] : [`configmap/${configMap.name}`]),
      ...(secret === undefined ? [] : [`secret/${secret.name}`]),
    ]),
  )
}

/** The volumes that these containers of the pod mount; the others are left alone, as upstream does. */
export function mountedVolumes(spec: PodSpec, mounts: (container: Container) => boolean): Volume[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers].filter(mounts)
  const mounted = new Set(containers.flatMap(({volumeMounts = []}) => volumeMounts.map(nameOf)))
  const volumes = (spec.volumes ?? []) as Volume[]
  return volumes.filter(({name}) => mounted.has(name))
}

/** Whether the cluster itself gave the volume to the pod, with the token of its ServiceAccount. */
export function isTokenVolume(name: string): boolean {
  return name.startsWith('kube-api-access-')
}

function nameOf({name}: {name: string}): string {
  return name
}

/** The pod's namespace, which ConfigMaps and Secrets of its volumes are in. */
export function namespaceOf(pod: Pod): string {
  return pod.metadata.namespace ?? ''
}

import type {ConfigMap, Pod, Secret} from '../../../api/core/v1.ts'
import {resolveField, resolveResourceField} from '../downward-api.ts'
import {
  type DownwardFile,
  type KeyedSource,
  type Projection,
  projectionsOf,
  type Volume,
} from './volume-source.ts'

/** A file of a volume. */
export interface VolumeFile {
  readonly content: Uint8Array
  readonly mode: number
}

/** The files of a volume, by path. */
export type VolumeFiles = ReadonlyMap<string, VolumeFile>

/** What the files of a pod's volumes are made from. */
export interface FileSource {
  readonly pod: Pod
  readonly hostIp: string
  configMap(name: string): Promise<ConfigMap | undefined>
  secret(name: string): Promise<Secret | undefined>
  token(wanted: NonNullable<Projection['serviceAccountToken']>): Promise<string>
}

/** A volume that cannot be made; the message is the kubelet's. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError'
}

/**
 * What a distribution's admission adds to the token of every pod, and only its own operator makes:
 * no pod waits for it here.
 */
const OPTIONAL_EVERYWHERE = new Set(['openshift-service-ca.crt'])

/**
 * The files of a volume; undefined for one that has none of its own. Of projected sources with the
 * same path the last one counts.
 *
 * @throws VolumeError which names everything that is missing.
 *
 * Counterpart of kubernetes `pkg/volume/{configmap,secret,downwardapi,projected}`.
 */
export async function collectFiles(
  volume: Volume,
  source: FileSource,
): Promise<VolumeFiles | undefined> {
  const projections = projectionsOf(volume)
  if (projections === undefined) return undefined
  const files = new Map<string, VolumeFile>()
  const problems: string[] = []
  for (const projection of projections.sources) {
    try {
      const collected = await collect(projection, source, projections.defaultMode)
      for (const [path, file] of collected) files.set(path, file)
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error
      problems.push(error.message)
    }
  }
  const [first, ...others] = new Set(problems)
  if (first === undefined) return files
  throw new VolumeError(others.length === 0 ? first : `[${[first, ...others].join(', ')}]`)
}

async function collect(
  {configMap, secret, downwardAPI, serviceAccountToken}: Projection,
  source: FileSource,
  mode: number,
): Promise<Map<string, VolumeFile>> {
  if (configMap !== undefined) {
    const {name = ''} = configMap
    const optional = configMap.optional === true || OPTIONAL_EVERYWHERE.has(name)
    const found = await source.configMap(name)
    if (found === undefined && !optional) throw new VolumeError(`configmap "${name}" not found`)
    const missing = 'configmap references non-existent config key'
    return pick(contentsOf(found), {...configMap, optional}, mode, missing)
  }
  if (secret !== undefined) {
    const {name = '', optional} = secret
    const found = await source.secret(name)
    if (found === undefined && optional !== true) {
      throw new VolumeError(`secret "${name}" not found`)
    }
    const contents = mapValues(found?.data, fromBase64)
    return pick(contents, secret, mode, 'references non-existent secret key')
  }
  if (downwardAPI !== undefined) {
    const items = downwardAPI.items ?? []
    return new Map(
      items.map((item) => [
        item.path,
        {content: toBytes(downwardText(item, source)), mode: item.mode ?? mode},
      ]),
    )
  }
  if (serviceAccountToken !== undefined) {
    const token = await source.token(serviceAccountToken)
    return new Map([[serviceAccountToken.path, {content: toBytes(token), mode}]])
  }
  throw new VolumeError('this source is not available on this node')
}

function pick(
  contents: ReadonlyMap<string, Uint8Array>,
  {items, optional}: KeyedSource,
  defaultMode: number,
  missing: string,
): Map<string, VolumeFile> {
  const wanted = items ?? [...contents.keys()].map((key) => ({key, path: key, mode: defaultMode}))
  const files = new Map<string, VolumeFile>()
  for (const {key, path, mode = defaultMode} of wanted) {
    const content = contents.get(key)
    if (content !== undefined) files.set(path, {content, mode})
    else if (optional !== true) throw new VolumeError(`${missing}: ${key}`)
  }
  return files
}

function contentsOf(configMap: ConfigMap | undefined): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ...mapValues(configMap?.data, toBytes),
    ...mapValues(configMap?.binaryData, fromBase64),
  ])
}

function downwardText(
  {fieldRef, resourceFieldRef}: DownwardFile,
  {pod, hostIp}: FileSource,
): string {
  if (fieldRef !== undefined) {
    const value = resolveField(pod, fieldRef.fieldPath, hostIp)
    if (value !== undefined) return value
    throw new VolumeError(`unsupported fieldPath: ${fieldRef.fieldPath}`)
  }
  const [first = {}] = pod.spec.containers
  return resourceFieldRef === undefined ? '' : resolveResourceField(pod, first, resourceFieldRef)
}

function mapValues(
  values: Readonly<Record<string, string>> | undefined,
  read: (text: string) => Uint8Array,
): Map<string, Uint8Array> {
  return new Map(Object.entries(values ?? {}).map(([key, value]) => [key, read(value)]))
}

function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64')
}

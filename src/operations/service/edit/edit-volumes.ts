/** Volumes of the pod and where the container mounts them: `--volume` and `--mount` of kn. */
import type {Container, PodSpec} from '../../../api/core/v1.ts'
import {parseBool, quote} from '../../../util/strconv.ts'
import {invalid, naming, parsePairs} from './notation.ts'
import {generateVolumeName} from './volume-name.ts'
import {parseVolumeSource, type VolumeSource} from './volume-source.ts'

type VolumeMount = NonNullable<Container['volumeMounts']>[number]
type Volume = NonNullable<PodSpec['volumes']>[number]

interface Mount {
  readonly volume: string
  readonly subPath: string
  readonly options: string
}

/**
 * Adds, changes and takes away volumes and mounts together.
 *
 * A mount that names a source instead of a volume gets a volume of its own, named after its path,
 * which goes away with it. A volume that is still mounted cannot be taken away.
 */
export function editVolumes(
  spec: PodSpec,
  container: Container,
  edits: {mounts: readonly string[]; volumes: readonly string[]},
): void {
  const mountEdits = parsePairs(edits.mounts, '--mount')
  const volumeEdits = parsePairs(edits.volumes, '--volume')
  const sources = new Map<string, VolumeSource>()
  const mounts = new Map<string, Mount>()
  for (const [path, text] of mountEdits.set) {
    const {mount, source} = naming('--mount', () => parseMount(path, text))
    mounts.set(path, mount)
    if (source !== undefined) sources.set(mount.volume, source)
  }
  for (const [name, text] of volumeEdits.set) {
    sources.set(
      name,
      naming('--volume', () => parseVolumeSource(text)),
    )
  }

  const volumes = putVolumes(spec.volumes ?? [], sources)
  const mounted = container.volumeMounts ?? []
  const generated = mounted
    .filter(
      ({mountPath, name}) =>
        mountEdits.remove.includes(mountPath) && name === generateVolumeName(mountPath),
    )
    .map(({name}) => name)
  const volumeMounts = putMounts(mounted, mounts, volumes).filter(
    ({mountPath}) => !mountEdits.remove.includes(mountPath),
  )
  const kept = removeVolumes(volumes, [...volumeEdits.remove, ...generated], volumeMounts)
  if (volumeMounts.length > 0) container.volumeMounts = volumeMounts
  else delete container.volumeMounts
  if (kept.length > 0) spec.volumes = kept
  else delete spec.volumes
}

function parseMount(path: string, text: string): {mount: Mount; source?: VolumeSource} {
  const colon = text.indexOf(':')
  if (colon < 0) return {mount: splitMount(text)}
  const type = text.slice(0, colon)
  const mount = splitMount(text.slice(colon + 1))
  const volume = generateVolumeName(path)
  switch (type) {
    case 'config-map':
    case 'cm':
      return {mount: {...mount, volume}, source: {configMap: {name: mount.volume}}}
    case 'secret':
    case 'sc':
      return {mount: {...mount, volume}, source: {secret: {secretName: mount.volume}}}
    case 'emptyDir':
    case 'ed':
      return {mount: {...mount, volume}, source: {emptyDir: {}}}
    case 'persistentVolumeClaim':
    case 'pvc':
      return {
        mount: {...mount, volume},
        source: {persistentVolumeClaim: {claimName: mount.volume}},
      }
    default:
      throw invalid(
        `unsupported volume type ${quote(type)}; supported volume types are "config-map or cm", ` +
          '"secret or sc", "emptyDir or ed" and "persistentVolumeClaim or pvc"',
      )
  }
}

/** `name/sub/path:options`. */
function splitMount(text: string): Mount {
  const colon = text.indexOf(':')
  const place = colon < 0 ? text : text.slice(0, colon)
  const slash = place.indexOf('/')
  return {
    volume: slash < 0 ? place : place.slice(0, slash),
    subPath: slash < 0 ? '' : place.slice(slash + 1),
    options: colon < 0 ? '' : text.slice(colon + 1),
  }
}

function putVolumes(
  volumes: readonly Volume[],
  sources: ReadonlyMap<string, VolumeSource>,
): Volume[] {
  const changed = volumes.map((volume) => {
    const source = sources.get(volume.name)
    return source === undefined ? volume : {name: volume.name, ...source}
  })
  const names = new Set(volumes.map(({name}) => name))
  const added = [...sources].filter(([name]) => !names.has(name))
  return [...changed, ...added.map(([name, source]) => ({name, ...source}))]
}

function putMounts(
  mounted: readonly VolumeMount[],
  mounts: ReadonlyMap<string, Mount>,
  volumes: readonly Volume[],
): VolumeMount[] {
  const changed = mounted.map((existing) => {
    const mount = mounts.get(existing.mountPath)
    if (mount === undefined) return existing
    if (!volumes.some(({name}) => name === mount.volume)) {
      throw invalid(`There is no volume matched with ${quote(mount.volume)}`)
    }
    return makeMount(existing.mountPath, mount, volumes)
  })
  const paths = new Set(mounted.map(({mountPath}) => mountPath))
  const added = [...mounts].filter(([path]) => !paths.has(path))
  return [...changed, ...added.map(([path, mount]) => makeMount(path, mount, volumes))]
}

function makeMount(mountPath: string, mount: Mount, volumes: readonly Volume[]): VolumeMount {
  const readOnly = isReadOnly(mount, volumes)
  return {
    name: mount.volume,
    ...(readOnly && {readOnly}),
    mountPath,
    ...(mount.subPath !== '' && {subPath: mount.subPath}),
  }
}

// What cannot be written to by nature is mounted read-only.
function isReadOnly({volume, options}: Mount, volumes: readonly Volume[]): boolean {
  for (const option of options === '' ? [] : options.split(',')) {
    const [name = '', value = ''] = option.split('=')
    if (name.toLowerCase() !== 'readonly') throw invalid(`unknown mount option ${quote(name)}`)
    if (value !== '') return parseReadOnly(value)
  }
  const source = volumes.find(({name}) => name === volume)
  return (
    source === undefined ||
    (source['emptyDir'] === undefined && source['persistentVolumeClaim'] === undefined)
  )
}

function parseReadOnly(value: string): boolean {
  try {
    return parseBool(value)
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

function removeVolumes(
  volumes: readonly Volume[],
  removed: readonly string[],
  mounts: readonly VolumeMount[],
): Volume[] {
  for (const name of removed) {
    const exists = volumes.some((volume) => volume.name === name)
    if (exists && mounts.some((mount) => mount.name === name)) {
      throw invalid(`The volume ${quote(name)} cannot be removed because it is mounted`)
    }
  }
  return volumes.filter(({name}) => !removed.includes(name))
}

import {mkdir, realpath} from 'node:fs/promises'
import {basename, dirname, join, sep} from 'node:path'
import type {Container} from '../../../api/core/v1.ts'
import {expandVariables} from '../../runtimes/expand-variables.ts'
import {ContainerConfigError} from '../environment.ts'

type VolumeMount = NonNullable<Container['volumeMounts']>[number]

/**
 * The part of a volume that a container mounts: all of it, or what `subPath` names, which becomes a
 * directory where nothing is there yet. Links are followed, so that the part does not change with a
 * ConfigMap, as upstream.
 *
 * @throws ContainerConfigError where the part is not inside of the volume.
 */
export async function mountedPart(
  volume: string,
  mount: VolumeMount,
  {container, env}: {readonly container: string; readonly env: Readonly<Record<string, string>>},
): Promise<string> {
  const {subPath = '', subPathExpr = ''} = mount
  const wanted = subPathExpr === '' ? subPath : expandVariables(subPathExpr, env)
  if (wanted === '') return volume
  const refused = `failed to prepare subPath for volumeMount "${mount.name}" of container "${container}"`
  if (wanted.startsWith('/') || wanted.split('/').includes('..')) {
    throw new ContainerConfigError(refused)
  }
  let part: string | undefined
  try {
    const root = await realpath(volume)
    part = await makeInside(join(root, wanted), root)
  } catch (cause) {
    throw new ContainerConfigError(refused, {cause})
  }
  if (part === undefined) throw new ContainerConfigError(refused)
  return part
}

/** The real path of a directory or file below `root`, made where it is missing; undefined outside. */
async function makeInside(path: string, root: string): Promise<string | undefined> {
  const found = await realpath(path).catch(() => undefined)
  if (found !== undefined) return found === root || found.startsWith(root + sep) ? found : undefined
  // A link on the way could lead out of the volume: nothing is made before that is known.
  const parent = await makeInside(dirname(path), root)
  if (parent === undefined) return undefined
  const made = join(parent, basename(path))
  // Another container of the pod may be making the same one.
  await mkdir(made, {recursive: true, mode: 0o750})
  return made
}

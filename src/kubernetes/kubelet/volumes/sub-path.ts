import {realpath} from 'node:fs/promises'
import {join} from 'node:path'
import type {Container} from '../../../api/core/v1.ts'
import {makeInside} from '../../../util/make-inside.ts'
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

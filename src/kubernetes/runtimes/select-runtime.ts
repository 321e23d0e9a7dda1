import {parseImageName} from './image-name.ts'
import {type ContainerRuntime, ImagePullError} from './runtime.ts'

/**
 * The first of `runtimes` that can run `image`.
 *
 * @throws ImagePullError which says where each looked and how to mend it.
 */
export function selectRuntime(
  runtimes: readonly ContainerRuntime[],
  image: string,
): ContainerRuntime {
  const looked: string[] = []
  const hints: string[] = []
  for (const runtime of runtimes) {
    const resolution = runtime.resolve(image)
    if (resolution.runnable) return runtime
    if (resolution.reason !== '') looked.push(`${runtime.name}: ${resolution.reason}`)
    if (resolution.hint !== undefined) hints.push(resolution.hint)
  }
  if (parseImageName(image) === undefined) {
    throw new ImagePullError(
      `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
      'InvalidImageName',
    )
  }
  const mend = hints.length === 0 ? '' : `. To run it here, ${hints.join(', or ')}`
  const where = looked.length === 0 ? '' : ` (${looked.join('; ')})`
  throw new ImagePullError(`no runtime can run "${image}"${where}${mend}`)
}

import type {ResolveDigest} from '../knative/controller/revision/digest-resolver.ts'
import {RegistryUnreachableError} from '../knative/controller/revision/registry/registry-client.ts'
import type {ContainerRuntime} from '../kubernetes/runtimes/runtime.ts'

/**
 * Looks up the digests of images that come from a registry, and of no others.
 *
 * | who runs the image                | registry        | engine has it | digest           |
 * | --------------------------------- | --------------- | ------------- | ---------------- |
 * | this program, a function, process | not asked       |               | none: tag as is  |
 * | nobody                            | not asked       |               | none: tag as is  |
 * | the container engine              | knows it        | any           | the registry's   |
 * | the container engine              | refuses         | yes           | none: tag as is  |
 * | the container engine              | refuses         | no            | fails with that  |
 * | the container engine              | does not answer | any           | none: tag as is  |
 *
 * Differs from upstream, which fails where it gets no digest: images of this machine are in no
 * registry, and a person without a network may go on with what is there.
 */
export function digestsOfPulledImages(
  runtimes: readonly ContainerRuntime[],
  askRegistry: ResolveDigest,
): ResolveDigest {
  return async (image, options) => {
    const runtime = runtimes.find((candidate) => candidate.resolve(image).runnable)
    if (runtime?.pullsFromRegistry !== true) return undefined
    try {
      return await askRegistry(image, options)
    } catch (error) {
      if (error instanceof RegistryUnreachableError || (await isPresent(runtime, image))) {
        return undefined
      }
      throw error
    }
  }
}

async function isPresent(runtime: ContainerRuntime, image: string): Promise<boolean> {
  try {
    await runtime.pull(image, 'Never')
    return true
  } catch {
    return false
  }
}

import {ImagePullError, type PulledImage, type PullPolicy} from '../runtime.ts'
import {type Engine, engineMessage, engineStatus} from './engine.ts'

/**
 * Makes an image available in the engine.
 *
 * | policy       | image is there | pull works | result                    |
 * | ------------ | -------------- | ---------- | ------------------------- |
 * | Never        | yes            |            | as it is                  |
 * | Never        | no             |            | ErrImageNeverPull         |
 * | IfNotPresent | yes            |            | as it is                  |
 * | other        | any            | yes        | pulled                    |
 * | Always       | yes            | no         | as it is                  |
 * | other        | no             | no         | ErrImagePull              |
 *
 * Differs from upstream: an image that was built here and never pushed runs also with `Always`,
 * which is what every image without a tag gets.
 */
export async function ensureEngineImage(
  engine: Engine,
  image: string,
  policy: PullPolicy,
): Promise<PulledImage> {
  const present = await inspect(engine, image)
  if (present !== undefined && policy !== 'Always') return {imageId: present, pulled: false}
  if (policy === 'Never') {
    throw new ImagePullError(
      `Container image "${image}" is not present with pull policy of Never`,
      'ErrImageNeverPull',
    )
  }
  try {
    await pull(engine, image)
  } catch (error) {
    if (present !== undefined) return {imageId: present, pulled: false}
    throw new ImagePullError(engineMessage(error))
  }
  return {imageId: (await inspect(engine, image)) ?? image, pulled: true}
}

/** `name@sha256:…`, or the image's own id where it never had another name. */
async function inspect(engine: Engine, image: string): Promise<string | undefined> {
  try {
    const {RepoDigests: digests, Id: id} = await engine.getImage(image).inspect()
    const digest = digests?.[0]
    if (digest !== undefined) return digest
    return id.startsWith('sha256:') ? `${image}@${id}` : `${image}@sha256:${id}`
  } catch (error) {
    if (engineStatus(error) === 404) return undefined
    throw new ImagePullError(engineMessage(error))
  }
}

async function pull(engine: Engine, image: string): Promise<void> {
  const stream = (await engine.pull(image)) as NodeJS.ReadableStream
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(stream, (error: unknown, events: {error?: string}[]) => {
      // Some engines report a failure in the stream after they answered 200.
      const failed = events?.find((event) => event.error !== undefined)?.error
      if (error !== null && error !== undefined) reject(new Error(engineMessage(error)))
      else if (failed === undefined) resolve()
      else reject(new Error(failed))
    })
  })
}

/** Counterpart of `pkg/reconciler/revision/background.go`. */
import {messageOf} from '../../../util/message-of.ts'
import type {Revision} from '../../../api/serving/v1.ts'
import {keyOf} from '../../../api/meta/object.ts'
import type {Clock} from '../../../util/clock.ts'
import {quote} from '../../../util/strconv.ts'
import {registryOf} from './registry/image-tag.ts'

/** Whose credentials a registry is asked with, and for how long. */
interface ResolveDigestOptions {
  readonly namespace: string
  readonly serviceAccountName: string
  readonly imagePullSecrets: readonly string[]
  readonly timeoutMs: number
}

/**
 * Asks a registry for the digest behind a tag: `registry/name@sha256:…`. Answers undefined where the
 * tag is to be used as it is; rejects when the image cannot be found.
 */
export type ResolveDigest = (
  image: string,
  options: ResolveDigestOptions,
) => Promise<string | undefined>

/** What is configured about looking up digests. */
export interface DigestResolution {
  readonly registriesToSkip: ReadonlySet<string>
  readonly timeoutMs: number
}

/** The statuses that go into the revision once all its images are looked up. */
export type ResolvedDigests = Required<
  Pick<NonNullable<Revision['status']>, 'containerStatuses' | 'initContainerStatuses'>
>

interface Lookup {
  readonly digests: Map<string, string>
  missing: number
  failure?: Error
}

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 1_000_000

/**
 * Looks up the digests of revisions' images, beside the reconciler.
 *
 * - Each image of a revision is asked for once; the revision is enqueued when all answers are there,
 *   or at the first failure.
 * - After a failure the next try waits, one second first, twice as long each time.
 */
export class DigestResolver {
  readonly #clock: Clock
  readonly #resolveDigest: ResolveDigest
  readonly #enqueue: (key: string) => void
  readonly #lookups = new Map<string, Lookup>()
  /** How often each image failed, by revision: outlives the lookup, so that retries slow down. */
  readonly #failures = new Map<string, Map<string, number>>()

  constructor(options: {
    clock: Clock
    resolveDigest: ResolveDigest
    enqueue: (key: string) => void
  }) {
    this.#clock = options.clock
    this.#resolveDigest = options.resolveDigest
    this.#enqueue = options.enqueue
  }

  /**
   * The digests of a revision's images, or undefined while they are looked up.
   *
   * @throws Error when an image cannot be found; the next call tries again.
   */
  resolve(revision: Revision, settings: DigestResolution): ResolvedDigests | undefined {
    const key = keyOf(revision)
    const lookup = this.#lookups.get(key)
    if (lookup === undefined) {
      this.#begin(key, revision, settings)
      return undefined
    }
    if (lookup.failure !== undefined) {
      this.#lookups.delete(key)
      throw lookup.failure
    }
    if (lookup.missing > 0) return undefined
    const statusOf = ({name = '', image = ''}): {name: string; imageDigest?: string} => {
      const digest = lookup.digests.get(image) ?? ''
      return {name, ...(digest !== '' && {imageDigest: digest})}
    }
    return {
      containerStatuses: revision.spec.containers.map(statusOf),
      initContainerStatuses: (revision.spec.initContainers ?? []).map(statusOf),
    }
  }

  /** Drops the answers: they are in the revision's status now. */
  clear(key: string): void {
    this.#lookups.delete(key)
    this.#failures.delete(key)
  }

  #begin(key: string, revision: Revision, settings: DigestResolution): void {
    const {spec} = revision
    const images = new Set(
      [...(spec.initContainers ?? []), ...spec.containers].map(({image = ''}) => image),
    )
    const lookup: Lookup = {digests: new Map(), missing: images.size}
    this.#lookups.set(key, lookup)
    const options: ResolveDigestOptions = {
      namespace: revision.metadata.namespace ?? '',
      serviceAccountName: spec.serviceAccountName ?? '',
      imagePullSecrets: (spec.imagePullSecrets ?? []).map(({name = ''}) => name),
      timeoutMs: settings.timeoutMs,
    }
    for (const image of images) {
      const look = (): void => {
        const skip = image.includes('@') || settings.registriesToSkip.has(registryOf(image))
        const answer = skip
          ? Promise.resolve(image.includes('@') ? image : undefined)
          : this.#resolveDigest(image, options)
        void answer.then(
          (digest) => this.#succeed(key, lookup, image, digest ?? ''),
          (error: unknown) => this.#fail(key, lookup, image, error),
        )
      }
      const delayMs = this.#retryDelayMs(key, image)
      if (delayMs === 0) look()
      else this.#clock.after(delayMs, look)
    }
  }

  #retryDelayMs(key: string, image: string): number {
    const failures = this.#failures.get(key)?.get(image) ?? 0
    return failures === 0 ? 0 : Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS)
  }

  #succeed(key: string, lookup: Lookup, image: string, digest: string): void {
    // Nobody waits for it any more: the revision is gone, or another image has failed already.
    if (this.#lookups.get(key) !== lookup) return
    this.#failures.get(key)?.delete(image)
    lookup.digests.set(image, digest)
    lookup.missing -= 1
    if (lookup.missing === 0 && lookup.failure === undefined) this.#enqueue(key)
  }

  #fail(key: string, lookup: Lookup, image: string, error: unknown): void {
    if (this.#lookups.get(key) !== lookup) return
    const failures = this.#failures.get(key) ?? new Map<string, number>()
    this.#failures.set(key, failures.set(image, (failures.get(image) ?? 0) + 1))
    if (lookup.failure !== undefined) return
    lookup.failure = new Error(
      `Unable to fetch image ${quote(image)}: failed to resolve image to digest: ${messageOf(error)}`,
      {cause: error},
    )
    this.#enqueue(key)
  }
}

import {createHash} from 'node:crypto'

/** The parts of an image's name. */
export interface ImageName {
  /** `ghcr.io/knative/helloworld-go` */
  readonly repository: string
  readonly tag: string | undefined
  /** `sha256:…` */
  readonly digest: string | undefined
}

// Registry host and path as the distribution reference grammar has them.
const REPOSITORY =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/

/** Takes an image's name apart; undefined when it is not one. */
export function parseImageName(image: string): ImageName | undefined {
  const at = image.indexOf('@')
  const digest = at < 0 ? undefined : image.slice(at + 1)
  const rest = at < 0 ? image : image.slice(0, at)
  const colon = rest.lastIndexOf(':')
  const hasTag = colon > rest.lastIndexOf('/')
  const repository = hasTag ? rest.slice(0, colon) : rest
  const tag = hasTag ? rest.slice(colon + 1) : undefined
  if (!REPOSITORY.test(repository)) return undefined
  if (tag !== undefined && !TAG.test(tag)) return undefined
  if (digest !== undefined && !DIGEST.test(digest)) return undefined
  return {repository, tag, digest}
}

/**
 * `repository@sha256:…` for an image that has no content of its own here: the digest it names, or
 * one computed from its name, so that the same image is the same everywhere and always.
 */
export function imageIdOf(image: string): string {
  const name = parseImageName(image)
  if (name === undefined) return image
  const text = `${name.repository}:${name.tag ?? 'latest'}`
  const digest = name.digest ?? `sha256:${createHash('sha256').update(text).digest('hex')}`
  return `${name.repository}@${digest}`
}

const DEFAULT_REGISTRY = /^(?:index\.)?docker\.io\/(?:library\/)?/

/**
 * The names under which a pattern may mean an image: with and without digest, tag and the default
 * registry.
 */
function namesOf(image: string): string[] {
  const parsed = parseImageName(image)
  const full =
    parsed === undefined
      ? [image]
      : [
          image,
          parsed.tag === undefined ? parsed.repository : `${parsed.repository}:${parsed.tag}`,
          parsed.repository,
        ]
  return [...new Set(full.flatMap((name) => [name, name.replace(DEFAULT_REGISTRY, '')]))]
}

/** Whether the glob `pattern` (`*` anything, `?` one character) means `image`. */
export function matchesImage(pattern: string, image: string): boolean {
  return namesOf(image).some((name) => matchesGlob(pattern, name))
}

/** Goes back to the last star alone, so that many of them cost no more than one. */
function matchesGlob(pattern: string, text: string): boolean {
  let at = 0
  let star = -1
  let resume = 0
  for (let index = 0; index < text.length;) {
    if (pattern[at] === '*') {
      star = at++
      resume = index
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at++
      index++
    } else if (star < 0) {
      return false
    } else {
      at = star + 1
      index = ++resume
    }
  }
  return /^\**$/.test(pattern.slice(at))
}

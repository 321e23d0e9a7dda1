/** Which registry an image's tag is looked up in, and as what. */

/** A tag in a registry. */
export interface ImageTag {
  /** Host and port. */
  readonly registry: string
  /** The path of the image there. */
  readonly repository: string
  readonly tag: string
}

const DOCKER_HUB = 'index.docker.io'

/**
 * Takes an image without a digest apart, by the rules of container tools: a first part that looks
 * like a host is the registry, and what nobody says is `index.docker.io`, `library/` and `latest`.
 *
 * Counterpart of go-containerregistry `name.NewTag` with weak validation.
 */
export function parseImageTag(image: string): ImageTag {
  const registry = registryOf(image)
  const path = hasRegistry(image) ? image.slice(image.indexOf('/') + 1) : image
  const colon = path.lastIndexOf(':')
  const isTagged = colon > path.lastIndexOf('/')
  const name = isTagged ? path.slice(0, colon) : path
  const isOfficial = registry === DOCKER_HUB && !name.includes('/')
  return {
    registry,
    repository: isOfficial ? `library/${name}` : name,
    tag: (isTagged && path.slice(colon + 1)) || 'latest',
  }
}

/** The registry of an image. */
export function registryOf(image: string): string {
  const host = hasRegistry(image) ? image.slice(0, image.indexOf('/')) : DOCKER_HUB
  return host === 'docker.io' ? DOCKER_HUB : host
}

function hasRegistry(image: string): boolean {
  const slash = image.indexOf('/')
  const host = slash < 0 ? '' : image.slice(0, slash)
  return host === 'localhost' || /[.:]/.test(host)
}

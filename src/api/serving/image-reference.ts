/**
 * Judges a container image's reference.
 *
 * Counterpart of go-containerregistry `name.ParseReference` with weak validation.
 */

const REPOSITORY = /^[a-z0-9_\-./]{2,255}$/
const TAG = /^[A-Za-z0-9_\-.]{1,128}$/
const DIGEST = /^sha256:[a-f0-9]{64}$/
/** What a URL lets stand for a host and a port. */
const REGISTRY = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=%]*|\[[^\]]*\])(?::[0-9]*)?$/

/** Whether `image` is `[REGISTRY/]REPOSITORY[:TAG][@DIGEST]`. */
export function isImageReference(image: string): boolean {
  if (isTagged(image)) return true
  const [base = '', digest = '', ...rest] = image.split('@')
  return rest.length === 0 && DIGEST.test(digest) && (isTagged(base) || isRepository(base))
}

function isTagged(image: string): boolean {
  const colon = image.lastIndexOf(':')
  // A colon before the last slash is a registry's port.
  if (colon < 0 || image.includes('/', colon)) return isRepository(image)
  const tag = image.slice(colon + 1)
  return (tag === '' || TAG.test(tag)) && isRepository(image.slice(0, colon))
}

function isRepository(name: string): boolean {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  // Without a dot or a port the first part is a part of the repository.
  if (!/[.:]/.test(first)) return REPOSITORY.test(name)
  return REGISTRY.test(first) && REPOSITORY.test(name.slice(slash + 1))
}

import {describe, expect, test} from 'vitest'
import {
  imageIdOf,
  matchesImage,
  parseImageName,
} from '../../../../src/kubernetes/runtimes/image-name.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

describe('the name of an image', () => {
  test.each([
    ['nginx', 'nginx', undefined, undefined],
    ['nginx:1.25', 'nginx', '1.25', undefined],
    ['ghcr.io/knative/helloworld-go:latest', 'ghcr.io/knative/helloworld-go', 'latest', undefined],
    ['localhost:5000/app', 'localhost:5000/app', undefined, undefined],
    ['localhost:5000/app:v1', 'localhost:5000/app', 'v1', undefined],
    [`repo/app@${DIGEST}`, 'repo/app', undefined, DIGEST],
    [`repo/app:v1@${DIGEST}`, 'repo/app', 'v1', DIGEST],
  ])('%s has its parts', (image, repository, ...rest) => {
    expect(parseImageName(image)).toEqual({repository, tag: rest[0], digest: rest[1]})
  })

  test.each(['', 'Has/Capitals', 'a b', 'app:', 'app@sha256:short', '-lead', 'x//y'])(
    '%j is none',
    (image) => {
      expect(parseImageName(image)).toBeUndefined()
    },
  )

  test('becomes an id with a digest that depends on the name alone', () => {
    expect(imageIdOf('app')).toMatch(/^app@sha256:[0-9a-f]{64}$/)
    expect(imageIdOf('app')).toBe(imageIdOf('app:latest'))
    expect(imageIdOf('app:v1')).not.toBe(imageIdOf('app:v2'))
    expect(imageIdOf(`app:v1@${DIGEST}`)).toBe(`app@${DIGEST}`)
  })
})

describe('a pattern', () => {
  test.each([
    ['ghcr.io/knative/helloworld-go*', 'ghcr.io/knative/helloworld-go', true],
    ['ghcr.io/knative/helloworld-go*', 'ghcr.io/knative/helloworld-go:latest', true],
    ['ghcr.io/knative/helloworld-go*', `ghcr.io/knative/helloworld-go@${DIGEST}`, true],
    ['ghcr.io/knative/helloworld-go', 'ghcr.io/knative/helloworld-go:v3', true],
    ['ghcr.io/knative/helloworld-go:v1', 'ghcr.io/knative/helloworld-go:v3', false],
    ['ghcr.io/knative/helloworld-go:v1', `ghcr.io/knative/helloworld-go:v1@${DIGEST}`, true],
    ['nginx', 'docker.io/library/nginx:1', true],
    ['nginx', 'index.docker.io/library/nginx', true],
    ['acme/app', 'docker.io/acme/app', true],
    ['app?', 'app1', true],
    ['app?', 'app', false],
    ['a.b/app', 'aXb/app', false],
    ['app', 'other/app', false],
    ['*', 'anything/at:all', true],
  ])('%s means %s: %s', (pattern, image, expected) => {
    expect(matchesImage(pattern, image)).toBe(expected)
  })
})

import {describe, expect, test} from 'vitest'
import {
  RegistryRefusalError,
  RegistryUnreachableError,
} from '../../../src/knative/controller/revision/registry/registry-client.ts'
import {type ContainerRuntime, ImagePullError} from '../../../src/kubernetes/runtimes/runtime.ts'
import {digestsOfPulledImages} from '../../../src/local/image-digests.ts'

const DIGEST = 'ghcr.io/app@sha256:1'
const OPTIONS = {namespace: 'default', serviceAccountName: '', imagePullSecrets: [], timeoutMs: 1}

function runtime(options: {runs: string; pulls?: boolean; has?: boolean}): ContainerRuntime {
  return {
    name: 'test',
    ...(options.pulls === true && {pullsFromRegistry: true}),
    resolve: (image) => (image === options.runs ? {runnable: true} : {runnable: false, reason: ''}),
    pull: () =>
      options.has === true
        ? Promise.resolve({imageId: 'x', pulled: false})
        : Promise.reject(new ImagePullError('not here', 'ErrImageNeverPull')),
    start: () => Promise.reject(new Error('not started in this test')),
    close: () => Promise.resolve(),
  }
}

const knows = (): Promise<string> => Promise.resolve(DIGEST)
const refuses = (): Promise<never> => Promise.reject(new RegistryRefusalError('404'))
const isAway = (): Promise<never> => Promise.reject(new RegistryUnreachableError('no such host'))
const process = runtime({runs: 'local/app'})
const engine = (has: boolean): ContainerRuntime => runtime({runs: 'ghcr.io/app', pulls: true, has})

describe('the digest of an image', () => {
  test.each([
    {what: 'of a process', runtimes: [process, engine(true)], asked: knows, image: 'local/app'},
    {what: 'nobody runs', runtimes: [process, engine(true)], asked: knows, image: 'nobody/app'},
    {what: 'built here', runtimes: [engine(true)], asked: refuses, image: 'ghcr.io/app'},
    {what: 'without a network', runtimes: [engine(false)], asked: isAway, image: 'ghcr.io/app'},
  ])('is not looked for: $what', async ({runtimes, asked, image}) => {
    expect(await digestsOfPulledImages(runtimes, asked)(image, OPTIONS)).toBeUndefined()
  })

  test('that the engine pulls is the one in the registry', async () => {
    const resolve = digestsOfPulledImages([process, engine(true)], knows)
    expect(await resolve('ghcr.io/app', OPTIONS)).toBe(DIGEST)
  })

  test('that the registry refuses and nobody has is a failure', async () => {
    const resolve = digestsOfPulledImages([process, engine(false)], refuses)
    await expect(resolve('ghcr.io/app', OPTIONS)).rejects.toThrow(RegistryRefusalError)
  })
})

import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {
  cacheFolder,
  fetchRelease,
  type ReleaseOptions,
  releaseSource,
} from '../../../../src/install/release/release-source.ts'
import {LOCK_FILE, readLock, sha256} from '../../../../src/install/release/lock-file.ts'
import {releaseUrl} from '../../../../src/install/release/release-files.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'
import {type FileServer, startFileServer} from '../../../support/file-server.ts'

const HPA = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: autoscaler-hpa
  namespace: knative-serving
  labels: {app.kubernetes.io/version: "1.13.1"}
spec:
  template:
    spec:
      containers:
        - image: gcr.io/knative-releases/hpa@sha256:${'a'.repeat(64)}
`
const JOBS = `
apiVersion: batch/v1
kind: Job
metadata:
  generateName: storage-version-migration-serving-
`

let server: FileServer
let cacheDir = ''

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'kntool-release-'))
  server = await startFileServer({
    '/serving-hpa.yaml': HPA,
    '/serving-post-install-jobs.yaml': JOBS,
  })
})
afterEach(async () => {
  await server.close()
  await rm(cacheDir, {recursive: true, force: true})
})

function options(extra: Partial<ReleaseOptions> = {}): ReleaseOptions {
  return {
    version: '1.13.1',
    baseUrl: server.url,
    cacheDir,
    clock: new FakeClock(),
    signal: new AbortController().signal,
    ...extra,
  }
}

function source(extra: Partial<ReleaseOptions> = {}) {
  const files = ['serving-hpa', 'serving-post-install-jobs'] as const
  return releaseSource({...options(extra), files})
}

/** Lets the pauses between attempts pass. */
async function patiently<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let settled = false
  const done = promise.finally(() => (settled = true))
  done.catch(() => undefined)
  while (!settled) await clock.advance(10)
  return done
}

test('the files of a release are where its projects publish them', () => {
  expect(releaseUrl('1.13.1', 'serving-core')).toBe(
    'https://github.com/knative/serving/releases/download/knative-v1.13.1/serving-core.yaml',
  )
  expect(releaseUrl('1.13.1', 'istio')).toBe(
    'https://github.com/knative-extensions/net-istio/releases/download/knative-v1.13.1/istio.yaml',
  )
})

describe('fetching', () => {
  test('brings every file once, and keeps it', async () => {
    const first = source()
    expect((await first.load('serving-hpa')).map(({kind}) => kind)).toEqual(['Deployment'])
    await first.load('serving-post-install-jobs')
    await source().load('serving-hpa')
    expect(server.requests.toSorted()).toEqual([
      '/serving-hpa.yaml',
      '/serving-post-install-jobs.yaml',
    ])
  })

  test('writes down what came from where', async () => {
    await source().load('serving-hpa')
    const lock = await readLock(cacheFolder(options()))
    expect(lock?.files['serving-hpa.yaml']).toEqual({
      url: `${server.url}/serving-hpa.yaml`,
      sha256: sha256(HPA),
      bytes: Buffer.byteLength(HPA),
    })
  })

  test('outlasts a server that is not well', async () => {
    let attempts = 0
    server.answers['/serving-hpa.yaml'] = (_request, response) => {
      attempts += 1
      if (attempts === 1) response.writeHead(503).end()
      else if (attempts === 2) response.destroy()
      else response.end(HPA)
    }
    const clock = new FakeClock()
    const said: string[] = []
    const fetching = fetchRelease(options({clock, onProgress: (message) => said.push(message)}), [
      'serving-hpa',
    ])
    expect(await patiently(clock, fetching)).toEqual([HPA])
    expect(attempts).toBe(3)
    expect(said[1]).toBe(
      `fetching ${server.url}/serving-hpa.yaml again: ${server.url}/serving-hpa.yaml answered 503.`,
    )
  })

  test('notices an answer that ends too early', async () => {
    server.answers['/serving-hpa.yaml'] = (_request, response) => {
      response.writeHead(200, {'content-length': String(HPA.length + 10)})
      response.write(HPA)
      response.destroy()
    }
    const clock = new FakeClock()
    await expect(
      patiently(clock, fetchRelease(options({clock}), ['serving-hpa'])),
    ).rejects.toMatchObject({code: 'KN_UNREACHABLE', exitCode: 4})
    expect(await readdir(cacheFolder(options()))).toEqual([])
  })
})

describe('what cannot be used', () => {
  test('a version that is not there', async () => {
    await expect(fetchRelease(options(), ['serving-core'])).rejects.toMatchObject({
      code: 'KN_NOT_FOUND',
      exitCode: 3,
      message: `There is no ${server.url}/serving-core.yaml (404).`,
    })
  })

  test('a page instead of a manifest is not kept', async () => {
    server.answers['/serving-hpa.yaml'] = '<html><body>Sign in</body></html>'
    await expect(fetchRelease(options(), ['serving-hpa'])).rejects.toMatchObject({
      code: 'KN_CONFIG_INVALID',
    })
    expect(await readdir(cacheFolder(options()))).toEqual([])
  })

  test('a file that changed in the cache', async () => {
    await source().load('serving-hpa')
    const path = join(cacheFolder(options()), 'serving-hpa.yaml')
    const altered = HPA.replace('autoscaler-hpa', 'evil')
    await writeFile(path, altered)
    await expect(source().load('serving-hpa')).rejects.toMatchObject({
      code: 'KN_CONFIG_INVALID',
      exitCode: 2,
      message: `The manifest ${path} was altered: its sha256 is ${sha256(altered)}, the lock file says ${sha256(HPA)}.`,
    })
  })

  test('a file that is another one when it is fetched again', async () => {
    await source().load('serving-hpa')
    await rm(join(cacheFolder(options()), 'serving-hpa.yaml'))
    server.answers['/serving-hpa.yaml'] = `${HPA}\n# another`
    await expect(source().load('serving-hpa')).rejects.toThrow(/was altered/)
  })

  test('a file of another version', async () => {
    await expect(source({version: '1.14.0'}).load('serving-hpa')).rejects.toThrow(
      'This is not release 1.14.0: serving-hpa.yaml is of version 1.13.1, not of 1.14.',
    )
  })

  test('an image without a digest', async () => {
    server.answers['/serving-hpa.yaml'] = HPA.replace(/@sha256:a+/, ':latest')
    await expect(source().load('serving-hpa')).rejects.toThrow(
      'the image gcr.io/knative-releases/hpa:latest of autoscaler-hpa has no digest',
    )
  })

  test('a lock file nobody can read', async () => {
    await source().load('serving-hpa')
    await writeFile(join(cacheFolder(options()), LOCK_FILE), '{')
    await expect(source().load('serving-hpa')).rejects.toThrow(/lock file .* cannot be read/)
  })

  test('an address that is none', async () => {
    await expect(
      fetchRelease(options({baseUrl: 'http://[broken'}), ['serving-hpa']),
    ).rejects.toThrow(/broken|URL/)
  })
})

test('nothing half-written stays behind', async () => {
  await source().load('serving-hpa')
  const folder = cacheFolder(options())
  expect((await readdir(folder)).toSorted()).toEqual([
    LOCK_FILE,
    'serving-hpa.yaml',
    'serving-post-install-jobs.yaml',
  ])
  expect(await readFile(join(folder, 'serving-hpa.yaml'), 'utf8')).toBe(HPA)
})

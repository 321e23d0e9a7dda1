import {appendFile, mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest'
import {LOCK_FILE, sha256} from '../../../../src/install/release/lock-file.ts'
import {chooseManifests} from '../../../../src/operations/install/choose-manifests.ts'
import {
  pullManifests,
  type PulledRelease,
} from '../../../../src/operations/install/pull-manifests.ts'
import {FakeClock} from '../../../../src/util/fake-clock.ts'
import {type FileServer, startFileServer} from '../../../support/file-server.ts'
import {writeRelease} from '../../../support/release-folder.ts'

const signal = new AbortController().signal

let published: string
let texts: Record<string, string>
let server: FileServer
let dir: string
beforeAll(async () => {
  published = await mkdtemp(join(tmpdir(), 'kntool-published-'))
  await writeRelease(published, {version: '1.14.0', istio: '1.21.1', withJobs: true})
  texts = {}
  for (const name of await readdir(published)) {
    texts[`/mirror/${name}`] = await readFile(join(published, name), 'utf8')
  }
})
afterAll(() => rm(published, {recursive: true}))
beforeEach(async () => {
  server = await startFileServer({...texts})
  dir = await mkdtemp(join(tmpdir(), 'kntool-pulled-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await server.close()
  await rm(dir, {recursive: true})
})

function pull(
  from = `${server.url}/mirror`,
  onProgress: (message: string) => void = () => undefined,
): Promise<PulledRelease[]> {
  const clock = new FakeClock()
  return pullManifests({versions: ['1.14.0'], dir, from, clock, signal, onProgress})
}

describe('manifests pull', () => {
  test('brings a release into a folder of its own, with the sums of its files', async () => {
    const notes: string[] = []
    const [release] = await pull(undefined, (note) => notes.push(note))
    expect(release).toMatchObject({version: '1.14.0', istio: '1.21.1'})
    expect(release?.folder).toBe(join(dir, 'knative-v1.14.0'))
    expect(release?.files.map(({name, sha256: sum}) => [name, sum])).toEqual(
      ['serving-crds', 'serving-core', 'istio', 'net-istio', 'serving-post-install-jobs'].map(
        (file) => [`${file}.yaml`, sha256(texts[`/mirror/${file}.yaml`] ?? '')],
      ),
    )
    expect(notes.filter((note) => note.startsWith('left out'))).toEqual([
      `left out serving-hpa.yaml: There is no ${server.url}/mirror/serving-hpa.yaml (404).`,
    ])
  })

  test('what was pulled installs without the internet', async () => {
    await pull()
    await server.close()
    const source = chooseManifests({
      manifests: dir,
      version: '1.14.0',
      embedded: false,
      withHpa: false,
      clock: new FakeClock(),
      signal,
    })
    expect(source.description).toBe(join(dir, 'knative-v1.14.0'))
    expect((await source.load('serving-core')).length).toBeGreaterThan(10)
  })

  test('a second time fetches nothing that is there', async () => {
    await pull()
    server.requests.length = 0
    await pull()
    expect(server.requests).toEqual(['/mirror/serving-hpa.yaml'])
  })

  test('refuses a file that was altered, with both sums', async () => {
    const [release] = await pull()
    const path = join(dir, 'knative-v1.14.0', 'istio.yaml')
    const locked = release?.files.find(({name}) => name === 'istio.yaml')?.sha256
    await appendFile(path, '# mine\n')
    const actual = sha256(await readFile(path, 'utf8'))
    const refusal = {
      code: 'KN_CONFIG_INVALID',
      exitCode: 2,
      message: `The manifest ${path} was altered: its sha256 is ${actual}, the lock file says ${locked}.`,
    }
    await expect(pull()).rejects.toMatchObject(refusal)
    const source = chooseManifests({
      manifests: dir,
      version: '1.14.0',
      embedded: false,
      withHpa: false,
      clock: new FakeClock(),
      signal,
    })
    await expect(source.load('istio')).rejects.toMatchObject(refusal)
  })

  test('refuses files of another release', async () => {
    await expect(
      pullManifests({
        versions: ['1.13.1'],
        dir,
        from: `${server.url}/mirror`,
        clock: new FakeClock(),
        signal,
      }),
    ).rejects.toMatchObject({
      code: 'KN_CONFIG_INVALID',
      message: `${join(dir, 'knative-v1.13.1')} is not release 1.13.1: serving-crds.yaml is of version 1.14.0, not of 1.13.`,
    })
  })

  test('a server that stays ill is said, with the ways around it', async () => {
    server.answers['/mirror/istio.yaml'] = (_request, response) => response.writeHead(403).end()
    await expect(pull()).rejects.toMatchObject({
      code: 'KN_UNREACHABLE',
      exitCode: 4,
      message: `${server.url}/mirror/istio.yaml answered 403.`,
      hints: ['Or use files of your own: --manifests DIR'],
    })
  })

  test('asks the proxy of the environment, except for hosts that are excluded', async () => {
    const proxy = await startProxy()
    vi.stubEnv('http_proxy', proxy.url)
    vi.stubEnv('no_proxy', '')
    server.answers['/direct'] = ''
    await pull('http://mirror.invalid/mirror').catch(() => undefined)
    expect(proxy.seen.length).toBeGreaterThan(0)
    expect(new Set(proxy.seen.map((line) => line.replace(/:80$/, '')))).toEqual(
      new Set(['mirror.invalid']),
    )
    proxy.seen.length = 0
    vi.stubEnv('no_proxy', '127.0.0.1')
    await pull()
    expect(proxy.seen).toEqual([])
    await proxy.close()
  })

  test('the lock file tells where each file came from', async () => {
    await pull()
    const lock = JSON.parse(await readFile(join(dir, 'knative-v1.14.0', LOCK_FILE), 'utf8'))
    expect(lock).toMatchObject({version: 1, knative: '1.14.0'})
    expect(lock.files['istio.yaml']).toEqual({
      url: `${server.url}/mirror/istio.yaml`,
      sha256: sha256(texts['/mirror/istio.yaml'] ?? ''),
      bytes: Buffer.byteLength(texts['/mirror/istio.yaml'] ?? ''),
    })
  })
})

/** A proxy that notes for whom it is asked, and refuses. */
async function startProxy(): Promise<{url: string; seen: string[]; close(): Promise<void>}> {
  const seen: string[] = []
  const note = ({url = '', headers}: IncomingMessage): void => {
    seen.push(url.startsWith('http') ? new URL(url).hostname : ((url || headers.host) ?? ''))
  }
  const proxy = createServer((request, response) => {
    note(request)
    response.writeHead(403).end()
  })
  proxy.on('connect', (request, socket) => {
    note(request)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    seen,
    close: () => new Promise((resolve) => proxy.close(() => resolve())),
  }
}

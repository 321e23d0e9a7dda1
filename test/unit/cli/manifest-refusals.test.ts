/** What is said of release files and versions that cannot be: the whole error and the exit code. */
import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest'
import {LOCK_FILE, sha256} from '../../../src/install/release/lock-file.ts'
import {MANIFEST_FILES} from '../../../src/install/manifests.ts'
import type {Connection} from '../../../src/operations/connection.ts'
import {type FileServer, startFileServer} from '../../support/file-server.ts'
import {InstallCluster} from '../../support/install-cluster.ts'
import {writeRelease} from '../../support/release-folder.ts'
import {runCommand} from '../../support/run-command.ts'

const connections = vi.hoisted(() => ({current: undefined as Connection | undefined}))
vi.mock('../../../src/operations/connect.ts', () => ({connect: async () => connections.current}))

const KNOWN = '1.11, 1.12, 1.13, 1.14, 1.15, 1.16, 1.17, 1.18, 1.19, 1.20, 1.21, 1.22'

let whole: Record<string, string>
let folder: string
let cluster: InstallCluster
let server: FileServer
beforeAll(async () => {
  const published = mkdtempSync(join(tmpdir(), 'kntool-whole-'))
  await writeRelease(published, {version: '1.13.1', istio: '1.20.3'})
  whole = Object.fromEntries(
    MANIFEST_FILES.map((file) => [file, readFileSync(join(published, `${file}.yaml`), 'utf8')]),
  )
  rmSync(published, {recursive: true})
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kntool-manifests-'))
  for (const [file, text] of Object.entries(whole)) writeFileSync(pathOf(file), text)
  server = await startFileServer({})
  cluster = await new InstallCluster().start()
  connections.current = cluster.connection
})
afterEach(async () => {
  await cluster.stop()
  await server.close()
  rmSync(folder, {recursive: true})
})

function pathOf(file: string): string {
  return join(folder, `${file}.yaml`)
}

/** What a command is refused with, of which the cluster must not have noticed anything. */
async function refusal(...argv: string[]): Promise<{error: string; exitCode: number}> {
  const {stderr, stdout, exitCode} = await cluster.pass(runCommand(argv))
  expect(stdout).toBe('')
  expect(cluster.requests.filter((line) => !line.startsWith('GET'))).toEqual([])
  return {error: stderr.slice(Math.max(stderr.indexOf('Error: '), 0)), exitCode}
}

function install(...args: string[]): Promise<{error: string; exitCode: number}> {
  return refusal('install', '--domain=knative.example.com', '--load-balancer=none', ...args)
}

describe('install refuses release files', () => {
  test('that are not there', async () => {
    rmSync(pathOf('istio'))
    expect(await install('--manifests', folder)).toEqual({
      error:
        `Error: Cannot read the manifest ${pathOf('istio')}.\n` +
        '  The folder of --manifests has to hold serving-crds.yaml, serving-core.yaml, istio.yaml and net-istio.yaml.\n' +
        '  Fetch them, here or where the internet is: kntool manifests pull\n',
      exitCode: 2,
    })
  })

  test('that were altered since they were locked', async () => {
    const locked = sha256(whole['istio'] ?? '')
    const files = {'istio.yaml': {url: 'https://example.com', sha256: locked, bytes: 1}}
    writeFileSync(join(folder, LOCK_FILE), JSON.stringify({version: 1, knative: '1.13.1', files}))
    appendFileSync(pathOf('istio'), '# mine\n')
    const actual = sha256(readFileSync(pathOf('istio'), 'utf8'))
    expect(await install('--manifests', folder)).toEqual({
      error:
        `Error: The manifest ${pathOf('istio')} was altered: its sha256 is ${actual}, the lock file says ${locked}.\n` +
        '  Remove the entry from the lock file and run again: it is fetched anew.\n',
      exitCode: 2,
    })
  })

  test('that are no YAML', async () => {
    writeFileSync(pathOf('net-istio'), 'a: [b\n')
    const {error, exitCode} = await install('--manifests', folder)
    expect(error).toMatch(
      /^Error: The manifest \S+\/net-istio\.yaml cannot be used: document 1 is not YAML: /,
    )
    expect(exitCode).toBe(2)
  })

  test('that lack what a release has', async () => {
    writeFileSync(
      pathOf('net-istio'),
      (whole['net-istio'] ?? '').replaceAll('knative-ingress-gateway', 'another-gateway'),
    )
    expect(await install('--manifests', folder)).toEqual({
      error:
        `Error: The manifest ${pathOf('net-istio')} is not whole: net-istio.yaml has no Gateway/knative-ingress-gateway.\n` +
        '  Fetch it anew: kntool manifests pull\n',
      exitCode: 2,
    })
  })

  test('of different releases', async () => {
    writeFileSync(pathOf('net-istio'), (whole['net-istio'] ?? '').replaceAll('1.13.1', '1.14.0'))
    expect(await install('--manifests', folder)).toEqual({
      error:
        `Error: The files of ${folder} do not belong together: net-istio.yaml is of version 1.14.0, not of 1.13.\n` +
        '  Fetch those of one release: kntool manifests pull\n',
      exitCode: 2,
    })
  })

  test('of another version than is asked for', async () => {
    expect(await install('--manifests', folder, '--knative-version=1.14')).toEqual({
      error:
        `Error: The files of ${folder} do not belong together: serving-crds.yaml is of version 1.13.1, not of 1.14.\n` +
        '  Fetch those of one release: kntool manifests pull\n',
      exitCode: 2,
    })
  })

  test('that an address does not have', async () => {
    const cache = join(folder, 'cache')
    expect(await install(`--manifests=${server.url}/mirror/`, `--cache-dir=${cache}`)).toEqual({
      error:
        `Error: There is no ${server.url}/mirror/serving-crds.yaml (404).\n` +
        '  Check the version: --knative-version\n' +
        '  Or use files of your own: --manifests DIR\n',
      exitCode: 3,
    })
  })
})

test('release files of an address are those of a folder', async () => {
  for (const [file, text] of Object.entries(whole)) server.answers[`/mirror/${file}.yaml`] = text
  const cache = join(folder, 'cache')
  const {stderr, exitCode} = await cluster.pass(
    runCommand([
      'install',
      '--domain=knative.example.com',
      '--load-balancer=none',
      '--no-wait',
      `--manifests=${server.url}/mirror`,
      `--cache-dir=${cache}`,
    ]),
  )
  expect({exitCode, stderr}).toMatchObject({exitCode: 0})
  expect(server.requests.toSorted()).toEqual(
    MANIFEST_FILES.map((file) => `/mirror/${file}.yaml`).toSorted(),
  )
})

describe('versions that cannot be', () => {
  test.each([
    [
      ['install', '--domain=a.example.com', '--knative-version=new'],
      'invalid --knative-version: "new" is not a version',
    ],
    [
      ['uninstall', '--knative-version=2.0'],
      `invalid --knative-version: nothing is known about 2.0; there are: ${KNOWN}`,
    ],
    [['uninstall', '--timeout=0'], '--timeout has to be more than 0 seconds'],
    [['upgrade'], 'a version is needed: --to 1.14.0'],
    [['upgrade', '--to=next'], 'invalid --to: "next" is not a version'],
    [
      ['upgrade', '--to=1.99.0'],
      `invalid --to: nothing is known about 1.99.0; there are: ${KNOWN}`,
    ],
    [
      ['manifests', 'pull', '--knative-version=1'],
      'invalid --knative-version: "1" is not a version',
    ],
    [
      [
        'manifests',
        'pull',
        '--knative-version=1.13.1',
        '--knative-version=1.14.0',
        '--from=http://localhost/',
      ],
      '--from is a folder of one version',
    ],
  ])('%j', async (argv, message) => {
    const command = argv.slice(0, argv[0] === 'manifests' ? 2 : 1).join(' ')
    expect(await refusal(...argv)).toEqual({
      error: `Error: ${message}\n  kntool ${command} --help\n`,
      exitCode: 2,
    })
  })
})

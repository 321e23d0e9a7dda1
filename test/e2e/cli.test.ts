/** The program as scripts and people meet it: streams, exit statuses, interruptions. */
import {spawn, spawnSync} from 'node:child_process'
import {existsSync, readdirSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type KntoolHome, kntoolHome} from '../support/kntool-process.ts'
import {needs} from '../support/requirements.ts'

const PROGRAM = resolve('bin/run.js')
const IMAGE = 'ghcr.io/knative/helloworld-go'

describe('without a cluster', () => {
  let home: KntoolHome
  beforeAll(() => {
    home = kntoolHome()
  })
  afterAll(() => home.remove())

  test('says its version', async () => {
    const run = await home.run(['--version'])
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(run.stdout).toMatch(/^kntool\/\d+\.\d+\.\d+ \S+ node-v\d+\.\d+\.\d+\n$/)
  })

  test.each([[[]], [['--help']], [['help']]])('lists its topics for %j', async (argv) => {
    const run = await home.run(argv)
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(run.stdout).toMatch(/service +Manage Knative services/)
  })

  test.each([
    [['service', 'create', '--help'], 'Create a service'],
    [['help', 'traffic', 'split'], 'Split the traffic of a service between revisions'],
  ])('explains %j with examples', async (argv, text) => {
    const run = await home.run(argv)
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(run.stdout).toContain(text)
    expect(run.stdout).toContain('EXAMPLES')
  })

  test.each([
    [
      ['servise', 'list'],
      'Error: unknown command "servise" for "kntool"\n  Did you mean "kntool service"?',
    ],
    [['service', 'crate'], 'Did you mean "kntool service create"?'],
    [['service', 'list', '--namespcae', 'x'], 'Did you mean --namespace?'],
    [
      ['service', 'describe'],
      "'service describe' requires the service name given as single argument",
    ],
    [
      ['service', 'create', 'x'],
      "'service create' requires the image name to run provided with the --image option",
    ],
    [
      ['service', 'create', 'x', '--image', 'i', '--scale-min', 'two'],
      'invalid argument "two" for "--scale-min" flag',
    ],
    [
      ['service', 'create', '-f', '/nosuch/file.yaml'],
      'open /nosuch/file.yaml: no such file or directory',
    ],
    [
      ['service', 'list', '-o', 'xml'],
      'unable to match a printer suitable for the output format "xml"',
    ],
    [
      ['traffic', 'split', 'x', '@latest=60', '@prev=50'],
      '@latest 60 + @prev 50 = 110, which is 10 too many',
    ],
    [
      ['service', 'list', '--embedded', '--context', 'x'],
      'Only one of the embedded cluster and a kubeconfig',
    ],
  ])('refuses %j with status 2', async (argv, text) => {
    const run = await home.run(argv)
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).toContain(text)
    expect(existsSync(join(home.path, 'clusters'))).toBe(false)
  })

  test('cannot reach a server nobody runs: status 4', async () => {
    const kubeconfig = join(home.path, 'kubeconfig')
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        'current-context': 'c',
        contexts: [{name: 'c', context: {cluster: 'c'}}],
        clusters: [{name: 'c', cluster: {server: 'http://127.0.0.1:9'}}],
      }),
    )
    const run = await home.run(['service', 'list', '-o', 'json'], {env: {KUBECONFIG: kubeconfig}})
    expect(run).toMatchObject({code: 4, stdout: ''})
    expect(JSON.parse(run.stderr)).toMatchObject({
      error: {code: 'KN_UNREACHABLE', details: {server: 'http://127.0.0.1:9'}},
    })
  })

  const old = findOldNode()
  test(
    'restarts itself with a newer Node where there is an old one',
    needs({name: 'a Node older than 22.19', isMet: () => old !== undefined}),
    () => {
      const {stdout, status} = spawnSync(old ?? '', [PROGRAM, 'version'], {
        encoding: 'utf8',
        env: {...process.env, HOME: home.path},
      })
      expect({stdout, status}).toEqual({stdout: expect.stringContaining('Version:'), status: 0})
    },
  )
})

describe('on the embedded cluster inside the command', () => {
  let home: KntoolHome
  beforeAll(() => {
    home = kntoolHome()
  })
  afterAll(() => home.remove())

  test('creates, lists, calls and deletes without anything running in between', async () => {
    const created = await home.run([
      'service',
      'create',
      'hello',
      '--image',
      IMAGE,
      '--env',
      'TARGET=you',
      '--embedded',
    ])
    expect(created).toMatchObject({code: 0})
    expect(created.stdout).toContain("Service 'hello' created to latest revision 'hello-00001'")
    const listed = await home.run(['revision', 'list', '--embedded', '--no-headers'])
    expect(listed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^hello-00001 +hello +100%/),
    })
    const called = await home.run(['curl', 'hello', '--embedded'])
    expect(called).toMatchObject({code: 0, stdout: 'Hello you!\n'})
    expect(called.stderr).toContain('200 from hello-00001, pod hello-00001-')
    const deleted = await home.run(['service', 'delete', 'hello', '--embedded'])
    expect(deleted).toMatchObject({code: 0})
    const gone = await home.run(['service', 'describe', 'hello', '--embedded', '-o', 'json'])
    expect(gone).toMatchObject({code: 3, stdout: ''})
    expect(JSON.parse(gone.stderr)).toMatchObject({
      error: {code: 'KN_NOT_FOUND', message: 'services.serving.knative.dev "hello" not found'},
    })
  })

  test('says so when it was not asked for', async () => {
    const run = await home.run(['service', 'list'])
    expect(run).toMatchObject({code: 0, stdout: 'No services found.\n'})
    expect(run.stderr).toContain('No kubeconfig found: using the embedded cluster')
  })
})

describe('with a local cluster', () => {
  let home: KntoolHome
  beforeAll(async () => {
    home = kntoolHome()
    await home.ok('local', 'up', '--detach', '--gateway-port', '0', '--domain', 'example.test')
    await home.ok('service', 'create', 'web', '--image', IMAGE, '--env', 'TARGET=one')
  })
  afterAll(async () => {
    await home.run(['local', 'down'])
    home.remove()
  })

  test('prints documents that programs can read, and nothing else', async () => {
    const service = await home.run([
      'service',
      'update',
      'web',
      '--env',
      'TARGET=two',
      '-o',
      'json',
    ])
    expect(JSON.parse(service.stdout)).toMatchObject({
      kind: 'Service',
      status: {latestReadyRevisionName: 'web-00002'},
    })
    expect(service.stderr).toContain('Ready to serve.')
    expect(await home.ok('service', 'list', '-o', 'name')).toBe('service.serving.knative.dev/web\n')
    expect(await home.ok('service', 'describe', 'web', '-o', 'url')).toBe(
      'http://web.default.example.test\n',
    )
  })

  test('splits traffic by role and calls what it split', async () => {
    await home.ok('traffic', 'split', 'web', 'gen:1=100')
    expect(await home.ok('curl', 'web')).toBe('Hello one!\n')
    await home.ok('traffic', 'split', 'web', '@latest=100')
    expect(await home.ok('curl', 'web')).toBe('Hello two!\n')
  })

  test('ends quietly when nobody reads on', async () => {
    const {status, stderr} = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${PROGRAM}" service list -o yaml | head -n 1`],
      {encoding: 'utf8', env: {PATH: process.env['PATH'], HOME: home.path, KNTOOL_HOME: home.path}},
    )
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
  })

  test('ends with 130 when it is interrupted, and the Service stays', async () => {
    const child = spawn(
      process.execPath,
      [PROGRAM, 'service', 'create', 'never', '--image', 'nosuch.example/image'],
      {
        env: {PATH: process.env['PATH'], HOME: home.path, KNTOOL_HOME: home.path},
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const ended = new Promise<number | null>((done) => child.on('exit', done))
    await new Promise<void>((seen) =>
      child.stdout.on('data', (data) => String(data).includes('Creating service') && seen()),
    )
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect((await home.run(['service', 'describe', 'never', '-o', 'name'])).code).toBe(0)
    await home.ok('service', 'delete', 'never')
  })

  test('leaves no process behind when it goes down', async () => {
    const status = JSON.parse(await home.ok('local', 'status', '-o', 'json')) as {pid: number}
    await home.ok('local', 'down')
    expect(() => process.kill(status.pid, 0)).toThrow('ESRCH')
    expect((await home.run(['local', 'status'])).code).toBe(3)
    expect(readdirSync(join(home.path, 'clusters', 'default'))).not.toContain('running.json')
  })
})

function findOldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(':')
    .filter((path) => !path.includes('node_modules'))
  return folders
    .map((folder) => join(folder, 'node'))
    .find((path) => {
      if (!existsSync(path)) return false
      const {stdout} = spawnSync(path, ['--version'], {encoding: 'utf8'})
      return /^v(18|20)\./.test(stdout)
    })
}

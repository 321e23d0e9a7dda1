/** Programs that try to outlive their pod, with real processes. */
import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {until} from '../../../../support/until.ts'
import {parseImagesFile} from '../../../../../src/kubernetes/runtimes/process/images-file.ts'
import {ProcessRecords} from '../../../../../src/kubernetes/runtimes/process/process-records.ts'
import {ProcessRuntime} from '../../../../../src/kubernetes/runtimes/process/process-runtime.ts'
import {
  endStrays,
  findStrays,
} from '../../../../../src/kubernetes/runtimes/process/stray-processes.ts'
import {needs, platform, program} from '../../../../support/requirements.ts'
import {SystemClock} from '../../../../../src/util/clock.ts'
import {processStartTime} from '../../../../../src/util/process-identity.ts'
import {startRequest} from '../../../../conformance/container-runtime/suite.ts'

const LINUX = platform('Linux', process.platform === 'linux')
const PYTHON = program('python3', ['--version'])
const ROOT = platform('root', process.getuid?.() === 0)

/** Says its number and the one it got as a daemon, and stays. */
const DAEMON = `
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir('/')
        with open(sys.argv[1] + '.new', 'w') as f: f.write(str(os.getpid()))
        os.rename(sys.argv[1] + '.new', sys.argv[1])
        null = os.open('/dev/null', os.O_RDWR)
        for fd in (0, 1, 2): os.dup2(null, fd)
        time.sleep(3600)
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[1]): time.sleep(0.01)
print('started', flush=True)
time.sleep(float(sys.argv[2]))
`

describe('the processes of a container', () => {
  let directory: string
  let runtime: ProcessRuntime
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kntool-escape-'))
    chmodSync(directory, 0o755)
    writeFileSync(join(directory, 'daemon.py'), DAEMON)
    runtime = makeRuntime()
  })
  afterEach(async () => {
    await runtime.close()
    rmSync(directory, {recursive: true, force: true})
  })

  function makeRuntime(): ProcessRuntime {
    const text = 'images: [{match: app, command: [sh, -c, "exit 0"]}]'
    return new ProcessRuntime({
      files: [parseImagesFile(join(directory, 'images.yaml'), text)],
      clock: new SystemClock(),
      recordDirectory: join(directory, 'processes'),
    })
  }
  const run = async (command: string[], changes = {}) => {
    const path = process.env['PATH'] ?? ''
    const {request, output} = startRequest('app', {PATH: path}, {command, ...changes})
    return {container: await runtime.start(request), output}
  }
  const daemonFile = (): string => join(directory, 'daemon')
  const daemonPid = async (): Promise<number> => {
    await until(() => existsSync(daemonFile()))
    return Number(readFileSync(daemonFile(), 'utf8'))
  }
  const daemon = (seconds: string): string[] => [
    'python3',
    join(directory, 'daemon.py'),
    daemonFile(),
    seconds,
  ]

  test.each([
    ['ends by itself', '0.1', async () => undefined],
    ['is killed', '60', async (kill: () => void) => kill()],
  ])('end with it when it %s, also a daemon', needs(PYTHON), async (_how, seconds, end) => {
    const {container} = await run(daemon(seconds))
    const pid = await daemonPid()
    await end(() => container.kill())
    await container.exited
    expect(processStartTime(pid)).toBeUndefined()
  })

  test('end with it when they were started by kubectl exec', needs(PYTHON), async () => {
    const {container} = await run(['sleep', '60'])
    const stdout = new PassThrough()
    stdout.resume()
    const signal = new AbortController().signal
    const streams = {stdout, tty: false, onResize: () => undefined, signal}
    await container.access?.exec(daemon('0'), streams)
    const pid = await daemonPid()
    expect(processStartTime(pid)).toBeDefined()
    await container.stop(5000)
    expect(processStartTime(pid)).toBeUndefined()
  })

  test('end with the runtime', needs(PYTHON), async () => {
    await run(daemon('60'))
    const pid = await daemonPid()
    await runtime.close()
    expect(processStartTime(pid)).toBeUndefined()
  })

  test('end at the next start when this program was killed', needs(PYTHON), async () => {
    // As it is after a kill -9: the record is there, and nobody who would act on it.
    const mark = 'KNTOOL_CONTAINER=escape-test'
    const env = {...process.env, KNTOOL_CONTAINER: 'escape-test'}
    const [command = '', ...args] = daemon('0')
    const leader = spawnSync(command, args, {env})
    expect(leader.status).toBe(0)
    const pid = await daemonPid()
    new ProcessRecords(join(directory, 'processes')).add(pid + 1_000_000, mark)
    await makeRuntime().cleanUp()
    expect(processStartTime(pid)).toBeUndefined()
  })

  test('are the only ones that are ended', needs(LINUX), async () => {
    const other = await run(['sleep', '60'])
    const {container} = await run(['sleep', '60'])
    container.kill()
    await container.exited
    let hasEnded = false
    void other.container.exited.then(() => (hasEnded = true))
    expect(await endStrays([{mark: 'KNTOOL_CONTAINER=of nobody'}])).toBe(0)
    expect(hasEnded).toBe(false)
  })
})

describe('what is left of a container', () => {
  const entry = (pid: number, parent: number, session: number, environment: string[] = []) => ({
    pid,
    parent,
    session,
    environment,
    startTime: '1',
  })
  const found = (processes: ReturnType<typeof entry>[], leaders: number[] = []) =>
    findStrays(processes, new Set(['M=1']), new Set(leaders)).map(({pid}) => pid)

  test.each([
    ['carries its mark', [entry(10, 1, 10, ['M=1'])], [], [10]],
    ['is in the session of its leader', [entry(11, 1, 9)], [9], [11]],
    ['was started by one of it', [entry(12, 10, 12), entry(10, 1, 10, ['M=1'])], [], [10, 12]],
    ['is no other that only looks like it', [entry(13, 1, 13, ['M=10', 'XM=1'])], [9], []],
    ['is never this program', [entry(process.pid, 1, 9, ['M=1'])], [9], []],
  ])('%s', (_what, processes, leaders, expected) => {
    expect(found(processes, leaders).toSorted((a, b) => a - b)).toEqual(expected)
  })
})

describe('the output of a process', () => {
  let directory: string
  let runtime: ProcessRuntime
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kntool-output-'))
    chmodSync(directory, 0o755)
    runtime = new ProcessRuntime({
      files: [
        parseImagesFile(join(directory, 'images.yaml'), 'images: [{match: app, command: [sh]}]'),
      ],
      clock: new SystemClock(),
    })
  })
  afterEach(async () => {
    await runtime.close()
    rmSync(directory, {recursive: true, force: true})
  })
  const run = async (script: string, changes = {}) => {
    const {request, output} = startRequest('app', {}, {command: ['sh', '-c', script], ...changes})
    const container = await runtime.start(request)
    return {container, output, exit: await container.exited}
  }

  test.each(['/dev/stdout', '/dev/stderr', '/proc/self/fd/1', '/proc/self/fd/2', '/dev/fd/1'])(
    'can be opened by the path %s',
    async (path) => {
      if (!existsSync('/proc/self/fd') && path.startsWith('/proc')) return
      const {output, exit} = await run(`echo one > ${path} && echo two >> ${path}`)
      expect([output(), exit.exitCode]).toEqual(['one\ntwo\n', 0])
    },
  )

  test('arrives whole, however much it is', async () => {
    const lines = 20_000
    let bytes = 0
    const {exit} = await run(
      `i=0; while [ $i -lt ${lines} ]; do echo "0123456789 0123456789"; i=$((i+1)); done > /dev/stdout`,
      {
        log: (_stream: string, chunk: Uint8Array) => (bytes += chunk.length),
      },
    )
    expect([bytes, exit.exitCode]).toEqual([lines * 22, 0])
  })

  test('of a command beside it can be opened by path, too', async () => {
    const {request} = startRequest('app', {}, {command: ['sleep', '60']})
    const container = await runtime.start(request)
    expect(await container.exec?.(['sh', '-c', 'echo hello > /dev/stdout'], 10_000)).toEqual({
      exitCode: 0,
      output: 'hello\n',
    })
  })

  const asUser = (securityContext: object) => {
    const {request} = startRequest('app')
    return {container: {...request.container, securityContext}}
  }

  test('belongs to the user that the pod asks for', needs(ROOT, LINUX), async () => {
    const {output} = await run(
      'id -u > /dev/stdout; id -g',
      asUser({runAsUser: 65_534, runAsGroup: 65_533}),
    )
    expect(output()).toBe('65534\n65533\n')
  })

  test('says that a user cannot reach its files', needs(ROOT, LINUX), async () => {
    chmodSync(directory, 0o700)
    const {output} = await run('id -u', asUser({runAsUser: 65_534}))
    expect(output()).toBe(
      `RunsAsOtherUser: runAsUser 65534 has no effect: that user may not reach ${directory}\n0\n`,
    )
  })
})

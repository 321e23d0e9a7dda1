import {spawn} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {parseImagesFile} from '../../../../src/kubernetes/runtimes/process/images-file.ts'
import {ProcessRuntime} from '../../../../src/kubernetes/runtimes/process/process-runtime.ts'
import {SystemClock} from '../../../../src/util/clock.ts'
import {eventuallyText, startRequest} from '../../../conformance/container-runtime/suite.ts'
import {until} from '../../../support/until.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..', '..')

describe('the process runtime', () => {
  let directory: string
  let runtime: ProcessRuntime
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kntool-process-'))
  })
  afterEach(async () => {
    await runtime.close()
    rmSync(directory, {recursive: true, force: true})
  })

  function use(script: string, extra = ''): void {
    writeFileSync(join(directory, 'main.cjs'), script)
    const text = `images: [{match: app, command: [node, main.cjs]${extra}}]`
    runtime = new ProcessRuntime({
      files: [parseImagesFile(join(directory, 'images.yaml'), text)],
      clock: new SystemClock(),
      recordDirectory: join(directory, 'processes'),
    })
  }

  test('gives a process the environment of its container and nothing of ours', async () => {
    use(`console.log(JSON.stringify(process.env))`)
    const {request, output} = startRequest('app', {TARGET: 'x', K_SERVICE: 'hello'})
    await (
      await runtime.start(request)
    ).exited
    const env = JSON.parse(output()) as Record<string, string>
    expect(Object.keys(env).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'HOSTNAME',
      'KNTOOL_CONTAINER',
      'K_SERVICE',
      'PATH',
      'PORT',
      'TARGET',
    ])
    expect(env['PORT']).not.toBe('8080')
    expect(env['HOSTNAME']).toBe('hello')
  })

  test('starts no shell: what looks like one is an argument', async () => {
    use(`console.log(JSON.stringify(process.argv.slice(2)))`)
    const args = ['$(touch pwned)', '; touch pwned', '`touch pwned`', '*']
    const {request, output} = startRequest('app', {}, {args})
    await (
      await runtime.start(request)
    ).exited
    expect(JSON.parse(output())).toEqual(args)
    expect(readdirSync(directory)).not.toContain('pwned')
  })

  test('keeps the port of a container that is started again in its pod', async () => {
    use(`
      require('node:http').createServer((q, s) => s.end(process.env.PORT))
        .listen(Number(process.env.PORT), '127.0.0.1')`)
    const {request} = startRequest('app')
    const first = await runtime.start(request)
    const port = await eventuallyText(first)
    await first.stop(5000)
    const second = await runtime.start(request)
    expect(await eventuallyText(second)).toBe(port)
    expect(second.endpoint(8080)).toEqual(first.endpoint(8080))
  })

  test('ends what a process started together with it', async () => {
    use(`
      const child = require('node:child_process').spawn(process.execPath,
        ['-e', 'setInterval(() => {}, 1000); console.log("child", process.pid)'],
        {stdio: ['ignore', 'pipe', 'inherit']})
      child.stdout.on('data', (text) => {
        process.stdout.write(text)
        process.exit(0)
      })`)
    const {request, output} = startRequest('app')
    await (
      await runtime.start(request)
    ).exited
    const pid = Number(/child (\d+)/.exec(output())?.[1])
    expect(pid).toBeGreaterThan(0)
    // It was killed; a busy machine takes a moment to carry that out.
    await until(() => !isAlive(pid))
  })

  test('says when a working directory or a program is not there', async () => {
    use('', ', workingDir: nowhere')
    await expect(runtime.start(startRequest('app').request)).rejects.toThrow(
      `the working directory ${join(directory, 'nowhere')} does not exist`,
    )
    const {request} = startRequest('app', {}, {command: ['no-such-program']})
    use('')
    await expect(runtime.start(request)).rejects.toThrow(
      'exec: "no-such-program": executable file not found in $PATH',
    )
    writeFileSync(join(directory, 'plain'), 'text')
    const plain = startRequest('app', {}, {command: ['./plain']}).request
    await expect(runtime.start(plain)).rejects.toThrow(
      `exec: "./plain": stat ${join(directory, 'plain')}: permission denied`,
    )
  })

  test('runs a command beside a container, with its environment', async () => {
    use(`setInterval(() => {}, 1000)`)
    const container = await runtime.start(startRequest('app', {TARGET: 'x'}).request)
    const program = 'console.log(process.env.TARGET); process.exit(4)'
    expect(await container.exec?.(['node', '-e', program], 20_000)).toEqual({
      exitCode: 4,
      output: 'x\n',
    })
  })

  test('leaves no process when its program is killed: the next start ends what is left', async () => {
    use(`setInterval(() => {}, 1000); console.log('up')`)
    // A program of its own, which starts a container and is then killed without a word.
    const program = `
      import {parseImagesFile} from '${ROOT}/src/kubernetes/runtimes/process/images-file.ts'
      import {ProcessRuntime} from '${ROOT}/src/kubernetes/runtimes/process/process-runtime.ts'
      import {SystemClock} from '${ROOT}/src/util/clock.ts'
      const runtime = new ProcessRuntime({
        files: [parseImagesFile('${directory}/images.yaml', 'images: [{match: app, command: [node, main.cjs]}]')],
        clock: new SystemClock(),
        recordDirectory: '${directory}/processes',
      })
      const container = {name: 'c', image: 'app'}
      const pod = {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p'}, spec: {containers: [container]}}
      await runtime.start({
        pod, container, image: 'app', env: {}, ports: [8080],
        sandbox: {podIp: '', dial: () => undefined}, warn() {}, log: (_, chunk) => process.stdout.write(chunk),
      })
      setInterval(() => {}, 1000)`
    const file = join(directory, 'program.ts')
    writeFileSync(file, program)
    const child = spawn(process.execPath, [file], {stdio: ['ignore', 'pipe', 'inherit']})
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    for await (const line of createInterface({input: child.stdout})) if (line === 'up') break
    const [record = ''] = readdirSync(join(directory, 'processes'))
    const {pid} = JSON.parse(readFileSync(join(directory, 'processes', record), 'utf8')) as {
      pid: number
    }
    expect(isAlive(pid)).toBe(true)
    child.kill('SIGKILL')
    await exited
    await runtime.cleanUp()
    await until(() => !isAlive(pid))
    expect(readdirSync(join(directory, 'processes'))).toEqual([])
  })
})

/** Whether the process executes: one that ended and was not waited for does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !text.slice(text.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}

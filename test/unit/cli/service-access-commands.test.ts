/** Logs, requests and the browser, typed on an embedded cluster. */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {readServiceLogs} from '../../../src/operations/logs/service-logs.ts'
import {SystemClock} from '../../../src/util/clock.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'

const ECHO = 'example.com/echo'
const PROGRAM = 'example.com/program'
const SCRIPT = `
console.log('listening as ' + process.env.K_REVISION)
require('http').createServer((request, response) => {
  console.log(request.url)
  if (request.url === '/crash') process.exit(1)
  response.end('hello')
}).listen(process.env.PORT)
`
const IMAGES = {images: [{match: PROGRAM, command: 'node', args: ['-e', SCRIPT]}]}

describe('access to a service', () => {
  let world: CommandCluster
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kntool-images-'))
    const imagesFile = join(folder, 'images.yaml')
    writeFileSync(imagesFile, JSON.stringify(IMAGES))
    world = await startCommandCluster({
      imagesFile,
      runtime: 'process',
      handlers: {
        [ECHO]: async (request) =>
          new Response(`${request.method} ${await request.text()}`, {
            status: new URL(request.url).pathname === '/teapot' ? 418 : 200,
            headers: {'x-seen': request.headers.get('x-sent') ?? ''},
          }),
      },
    })
    await world.ok('service', 'create', 'echo', '--image', ECHO, '--tag', 'current')
    await world.ok('service', 'create', 'web', '--image', PROGRAM, '--scale-min', '1')
  })
  afterAll(async () => {
    await world.stop()
    rmSync(folder, {recursive: true})
  })

  test('curl sends method, fields and body, and prints nothing but the answer', async () => {
    const run = await world.run(['curl', 'echo', '-X', 'PUT', '-d', 'some text', '-s'])
    expect(run).toEqual({exitCode: 0, stdout: 'PUT some text', stderr: ''})
  })

  test('curl reads the body from standard input', async () => {
    const run = await world.run(['curl', 'echo', '-d', '@-', '-s'], {stdin: 'from a pipe'})
    expect(run.stdout).toBe('POST from a pipe')
  })

  test('curl -i prints the head of the answer first', async () => {
    const {stdout} = await world.run(['curl', 'echo', '/teapot', '-i', '-s', '-H', 'x-sent: yes'])
    expect(stdout).toMatch(/^HTTP\/1\.1 418 I'm a Teapot\r\n([\w-]+: .*\r\n)*x-seen: yes\r\n/i)
    expect(stdout).toMatch(/\r\n\r\nGET $/)
  })

  test.each([
    [['/'], 0],
    [['/teapot'], 0],
    [['/teapot', '--fail'], 1],
    [['--tag', 'nosuch'], 3],
    [['--tag', 'a', '--revision', 'b'], 2],
    [['--max-time', 'soon'], 2],
    [['-H', 'no colon'], 2],
  ])('curl echo %j ends with %i', async (args, exitCode) => {
    expect((await world.run(['curl', 'echo', ...args])).exitCode).toBe(exitCode)
  })

  test('curl calls a revision by its role', async () => {
    const run = await world.run(['curl', 'echo', '--revision', '@latest'])
    expect(run).toMatchObject({exitCode: 0, stdout: 'GET '})
    expect(run.stderr).toContain('200 from echo-00001')
  })

  test('open prints the URL with the port of the gateway', async () => {
    const port = new URL(world.cluster.gatewayUrl ?? '').port
    const run = await world.run(['open', 'echo', '--no-browser'])
    expect(run).toEqual({
      exitCode: 0,
      stdout: `http://echo.default.example.com:${port}\n`,
      stderr: '',
    })
    const tagged = await world.run(['open', 'echo', '--tag', 'current', '--no-browser'])
    expect(tagged.stdout).toBe(`http://current-echo.default.example.com:${port}\n`)
  })

  test('open says that there is no browser, and that is no failure', async () => {
    const run = await world.run(['open', 'echo'], {env: {PATH: '/nosuch', DISPLAY: ':0'}})
    expect(run).toMatchObject({exitCode: 0, stderr: 'No browser was found to open it with.\n'})
  })

  test('logs prints the lines of the pods, with the pod in front', async () => {
    await world.ok('curl', 'web', '/first')
    const stdout = await world.ok('logs', 'web')
    expect(stdout).toMatch(
      /^\[web-00001-deployment-\S+] listening as web-00001\n(\[\S+] .*\n)*\[\S+] \/first\n$/,
    )
    const plain = await world.ok('logs', 'web', '--no-prefix', '--tail', '1', '--timestamps')
    expect(plain).toMatch(/^\d{4}-\d\d-\d\dT\S+Z \/first\n$/)
  })

  test('logs -o json prints a document for each line', async () => {
    const stdout = await world.ok('logs', 'web', '-o', 'json', '--tail', '1')
    expect(JSON.parse(stdout)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\S+Z$/),
      revision: 'web-00001',
      pod: expect.stringMatching(/^web-00001-deployment-/),
      container: 'user-container',
      message: '/first',
    })
  })

  test.each([
    [['nosuch'], 3],
    [['web', '--since', 'yesterday'], 2],
    [['web', '--tail', '-1'], 2],
    [['web', '-f', '-p'], 2],
    [['web', '-o', 'yaml'], 2],
    [['web', '--revision', 'gen:9'], 3],
    [['web', '--container', 'nosuch'], 3],
  ])('logs %j ends with %i and prints nothing', async (args, exitCode) => {
    expect(await world.run(['logs', ...args])).toMatchObject({exitCode, stdout: ''})
  })

  test('logs -f goes on when a container starts again', async () => {
    const stop = new AbortController()
    const {client} = world.cluster
    const request = {namespace: 'default', name: 'web', follow: true, signal: stop.signal}
    const messages: string[] = []
    const reading = (async () => {
      const clock = new SystemClock()
      for await (const {message} of readServiceLogs({client, clock}, request))
        messages.push(message)
    })()
    const seen = (message: string) => () => messages.filter((one) => one === message).length
    await expect.poll(seen('listening as web-00001')).toBe(1)
    await world.run(['curl', 'web', '/crash'])
    await expect.poll(seen('listening as web-00001')).toBe(2)
    stop.abort()
    await reading
    expect(seen('/crash')()).toBe(1)
  })
})

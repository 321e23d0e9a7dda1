import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {parseImagesFile} from '../../../../../src/kubernetes/runtimes/process/images-file.ts'
import {linkVolumes} from '../../../../../src/kubernetes/runtimes/process/linked-volumes.ts'
import {ProcessRuntime} from '../../../../../src/kubernetes/runtimes/process/process-runtime.ts'
import {
  ContainerStartError,
  type ContainerVolumes,
} from '../../../../../src/kubernetes/runtimes/runtime.ts'
import {SystemClock} from '../../../../../src/util/clock.ts'
import {startRequest} from '../../../../conformance/container-runtime/suite.ts'
import {needs, program} from '../../../../support/requirements.ts'

describe('the volumes of a process', () => {
  let directory: string
  let volumes: ContainerVolumes
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kntool-linked-'))
    const source = join(directory, 'volumes', 'config')
    mkdirSync(source, {recursive: true})
    writeFileSync(join(source, 'app.yaml'), 'a: 1\n')
    volumes = {
      podDirectory: directory,
      directory: join(directory, 'main'),
      mounts: [{mountPath: '/etc/config', source, readOnly: true}],
    }
  })
  afterEach(() => rmSync(directory, {recursive: true, force: true}))

  test('are below $KNTOOL_VOLUMES, under the paths of their mounts', async () => {
    const paths = await linkVolumes(volumes)
    const {KNTOOL_VOLUMES: root = ''} = paths.inEnvironment({})
    expect(readFileSync(join(root, 'etc/config/app.yaml'), 'utf8')).toBe('a: 1\n')
  })

  test.each([
    ['/etc/config', 'ROOT/etc/config'],
    ['/etc/config/app.yaml', 'ROOT/etc/config/app.yaml'],
    ['--config=/etc/config/app.yaml', '--config=ROOT/etc/config/app.yaml'],
    ['config=/etc/config', 'config=ROOT/etc/config'],
    ['/etc/configuration', '/etc/configuration'],
    ['/etc', '/etc'],
    ['https://example.com/etc/config', 'https://example.com/etc/config'],
    ['cat /etc/config/app.yaml', 'cat /etc/config/app.yaml'],
    ['plain', 'plain'],
  ])('turn %s into %s', async (text, expected) => {
    const paths = await linkVolumes(volumes)
    const root = join(volumes.directory, 'root')
    expect(paths.inText(text).replace(root, 'ROOT')).toBe(expected)
  })

  test('change nothing where there are none', async () => {
    const paths = await linkVolumes(undefined)
    expect(paths.inEnvironment({A: '/etc/config'})).toEqual({A: '/etc/config'})
    expect(paths.inCommand(['tar', 'cf', '-', '/etc'])).toEqual(['tar', 'cf', '-', '/etc'])
  })

  test('stay where they are when the container is started again', async () => {
    const first = (await linkVolumes(volumes)).inText('/etc/config')
    expect((await linkVolumes(volumes)).inText('/etc/config')).toBe(first)
  })

  test('may lie in one another', async () => {
    const source = join(directory, 'volumes', 'inner')
    mkdirSync(source, {recursive: true})
    writeFileSync(join(source, 'key'), 'inner')
    const mounts = [{mountPath: '/etc/config/more', source, readOnly: true}, ...volumes.mounts]
    const paths = await linkVolumes({...volumes, mounts})
    expect(readFileSync(paths.inText('/etc/config/more/key'), 'utf8')).toBe('inner')
    expect(readFileSync(paths.inText('/etc/config/app.yaml'), 'utf8')).toBe('a: 1\n')
  })

  describe('stay in the directory of the pod', () => {
    const shown = async (mountPath: string): Promise<string> => {
      const mounts = volumes.mounts.map((mount) => ({...mount, mountPath}))
      const paths = await linkVolumes({...volumes, mounts})
      return readFileSync(join(paths.inText(mountPath), 'app.yaml'), 'utf8')
    }

    test.each([
      '/../../../../../../../../../escaped',
      '/a/../../../../../../../../../escaped',
      '/./../escaped/',
      '//escaped',
      '/..',
      '/',
      '/line\nbreak',
      '/ space and ü',
    ])('when they are mounted at %j', async (mountPath) => {
      expect(await shown(mountPath)).toBe('a: 1\n')
      expect(existsSync('/escaped')).toBe(false)
      expect(readdirSync(directory).toSorted()).toEqual(['main', 'volumes'])
    })

    test.each(['/nul\0byte', `/${'long'.repeat(100)}`])(
      'or keep the container from starting: %j',
      async (mountPath) => {
        await expect(shown(mountPath)).rejects.toThrow(ContainerStartError)
      },
    )

    test('although a program put a link out of it in the way', async () => {
      const outside = mkdtempSync(join(tmpdir(), 'kntool-outside-'))
      const [{source} = {source: ''}] = volumes.mounts
      symlinkSync(outside, join(source, 'way'))
      const mounts = [...volumes.mounts, {mountPath: '/etc/config/way/in', source, readOnly: true}]
      await expect(linkVolumes({...volumes, mounts})).rejects.toThrow('does not go with the pod')
      expect(readdirSync(outside)).toEqual([])
      rmSync(outside, {recursive: true})
    })

    test('although they lie in a directory of this machine', async () => {
      const hostPath = mkdtempSync(join(tmpdir(), 'kntool-host-'))
      const mounts = [...volumes.mounts, {mountPath: '/etc', source: hostPath, readOnly: false}]
      await expect(linkVolumes({...volumes, mounts})).rejects.toThrow('"/etc/config"')
      expect(readdirSync(hostPath)).toEqual([])
      rmSync(hostPath, {recursive: true})
    })
  })

  describe('in a program', () => {
    let runtime: ProcessRuntime
    beforeEach(() => {
      writeFileSync(
        join(directory, 'main.cjs'),
        `const {readFileSync} = require('node:fs')
         console.log(readFileSync(process.argv[2], 'utf8') + readFileSync(process.env.CONFIG, 'utf8'))
         setInterval(() => {}, 1000)`,
      )
      const text = 'images: [{match: app, command: [node, main.cjs]}]'
      runtime = new ProcessRuntime({
        files: [parseImagesFile(join(directory, 'images.yaml'), text)],
        clock: new SystemClock(),
      })
    })
    afterEach(() => runtime.close())

    async function start() {
      const {request, output} = startRequest(
        'app',
        {CONFIG: '/etc/config/app.yaml'},
        {args: ['/etc/config/app.yaml'], volumes},
      )
      const container = await runtime.start(request)
      while (!output().includes('\n\n')) await new Promise((resolve) => setImmediate(resolve))
      return {container, output}
    }
    type Access = NonNullable<Awaited<ReturnType<typeof start>>['container']['access']>

    async function run(access: Access | undefined, command: string[]): Promise<Buffer> {
      const stdout = new PassThrough()
      const chunks: Buffer[] = []
      stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
      await access?.exec(command, {
        stdout,
        tty: false,
        onResize: () => undefined,
        signal: new AbortController().signal,
      })
      return Buffer.concat(chunks)
    }

    test('are read at the paths that arguments and variables say', async () => {
      const {output} = await start()
      expect(output()).toBe('a: 1\na: 1\n\n')
    })

    test('are seen by commands, and by probes', async () => {
      const {container} = await start()
      const text = await run(container.access, ['cat', '/etc/config/app.yaml'])
      expect(text.toString()).toBe('a: 1\n')
      const probe = await container.exec?.(['cat', '/etc/config/app.yaml'], 10_000)
      expect(probe).toEqual({exitCode: 0, output: 'a: 1\n'})
    })

    test(
      'are copied by kubectl cp, which packs them under the names it knows',
      needs(program('tar', ['--version'])),
      async () => {
        const {container} = await start()
        const whole = await run(container.access, ['tar', 'cf', '-', '/etc/config'])
        expect(whole.toString('latin1')).toContain('etc/config/./app.yaml')
        const one = await run(container.access, ['tar', 'cf', '-', '/etc/config/app.yaml'])
        expect(one.toString('latin1')).toMatch(/^etc\/config\/app\.yaml\0/)
      },
    )
  })
})

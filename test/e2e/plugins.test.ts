/** Plugins: what is no command of ours may be one of theirs. */
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type KntoolHome, kntoolHome, type Run} from '../support/kntool-process.ts'

let home: KntoolHome
let plugins: string
beforeAll(() => {
  home = kntoolHome()
  plugins = join(home.path, '.config/kntool/plugins')
  mkdirSync(plugins, {recursive: true})
  script('kn-service-log', 'echo "log: $* ($GREETING)"; echo oops >&2; exit 7')
  script('kntool-hello', 'cat; exit 0')
  script('kn-dies', 'kill -TERM $$')
  script('kn-service-list', 'echo never')
  writeFileSync(join(plugins, 'kn-plain'), 'no program')
})
afterAll(() => home.remove())

function script(name: string, text: string): void {
  const path = join(plugins, name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
}

const run = (argv: string[], stdin = ''): Promise<Run> =>
  home.run(argv, {stdin, env: {GREETING: 'hi', PATH: '/bin:/usr/bin'}})

describe('a plugin', () => {
  test.each([
    [['service', 'log', 'web', '-f'], 'log: web -f (hi)\n'],
    [['ksvc', '-n', 'dev', 'log', 'web', '--since', '5m'], 'log: -n dev web --since 5m (hi)\n'],
    [['service', 'log', '--help'], 'log: --help (hi)\n'],
  ])('runs for %j with what follows, and its exit status is kept', async (argv, stdout) => {
    expect(await run(argv)).toEqual({code: 7, stdout, stderr: 'oops\n'})
  })

  test('reads standard input', async () => {
    expect(await run(['hello'], 'from outside')).toEqual({
      code: 0,
      stdout: 'from outside',
      stderr: '',
    })
  })

  test('that a signal ends has the status shells give it', async () => {
    expect((await run(['dies'])).code).toBe(143)
  })

  test('that cannot be run says why', async () => {
    const {code, stderr} = await run(['plain'])
    expect(code).toBe(1)
    expect(stderr).toContain('kn-plain cannot be run: it is not executable.\n  chmod +x ')
  })

  test('is found in the folder that a flag names', async () => {
    const folder = join(home.path, 'mine')
    mkdirSync(folder)
    writeFileSync(join(folder, 'kn-mine'), '#!/bin/sh\necho mine $*\n')
    chmodSync(join(folder, 'kn-mine'), 0o755)
    expect((await run(['mine', 'a', `--plugins-dir=${folder}`])).stdout).toBe(
      `mine a --plugins-dir=${folder}\n`,
    )
    const {stdout} = await run(['plugin', 'list', '--verbose', '--plugins-dir', folder])
    expect(stdout).toBe(
      `The following plugins are available, using options:\n  plugins dir: '${folder}'\n` +
        `  lookup plugins in $PATH: true\n\n- kn-mine : ${folder}/kn-mine  (${folder}/kn-mine)\n`,
    )
    expect((await run(['plugin', 'list', '--plugins-dir', '/none'])).stdout).toBe(
      'No plugins found.\n',
    )
  })

  test('never takes the place of a command', async () => {
    const {code, stdout} = await run(['plugin', 'list'])
    expect(code).toBe(1)
    expect(stdout).toContain(`- kn-service-log : ${join(plugins, 'kn-service-log')}\n`)
    expect(stdout).toContain(
      `\nERROR:\n  - ${join(plugins, 'kn-service-list')} overwrites existing built-in command: 'service list'\n` +
        `WARNING:\n  - ${join(plugins, 'kn-plain')} is not executable by current user\n`,
    )
    expect((await run(['service', 'list', '--help'])).stdout).toContain('List services')
  })
})

describe('a word that is nobody’s', () => {
  test.each([
    [['servise'], 'unknown command "servise" for "kntool"\n  Did you mean "kntool service"?'],
    [
      ['service', 'frob'],
      "unknown sub-command 'frob' for 'kntool service'. Available sub-commands:",
    ],
    [
      ['service'],
      "no sub-command given for 'kntool service'. Available sub-commands: apply, create",
    ],
    [['source', 'list'], 'unknown command "source" for "kntool": it belongs to Knative Eventing'],
    [
      ['triggers'],
      'it belongs to Knative Eventing, and kntool is for Knative Serving\n  kn triggers',
    ],
  ])('%j', async (argv, message) => {
    const {code, stdout, stderr} = await run(argv)
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toContain(message)
  })
})

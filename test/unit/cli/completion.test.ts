/** Completion: what may be typed, and what real shells make of it. */

import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {CommandTable} from '../../../src/cli/command-table.ts'
import {complete} from '../../../src/cli/completion/complete.ts'
import {kindOfArgument, kindOfFlag} from '../../../src/cli/completion/value-kinds.ts'
import {completionScript, SHELLS} from '../../../src/cli/completion/scripts.ts'
import {loadConfig} from '../../../src/cli/load-config.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'
import {needs, program, type Requirement} from '../../support/requirements.ts'

const ROOT = resolve('.')
const IMAGE = 'example.com/web:v1'
const CONFIG = 'profiles: {prod: {}, stage: {}}\n'

let table: CommandTable
let world: CommandCluster

beforeAll(async () => {
  const pjson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const {commands} = await loadConfig({root: ROOT, pjson})
  const entries = commands.map(({id, summary, hidden, flags}) => [id, {id, summary, hidden, flags}])
  table = {commands: Object.fromEntries(entries)}
  world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
  await world.ok('service', 'create', 'web', '--image', IMAGE, '--tag', 'stable')
  await world.ok('revision', 'create', 'web', '--image', 'example.com/web:v2', '--tag', 'next')
  await world.ok('service', 'create', 'other', '--image', IMAGE)
  mkdirSync(join(world.folder, 'kntool'))
  writeFileSync(join(world.folder, 'kntool', 'config.yaml'), CONFIG)
  mkdirSync(join(world.folder, '.aws'))
  writeFileSync(join(world.folder, '.aws', 'config'), '[default]\nregion = x\n[profile work]\n')
})
afterAll(() => world.stop())

/** The values for a line; the cursor is at its end. */
async function values(line: string): Promise<string[]> {
  const words = line.split(' ').slice(1)
  const answer = await complete([`=${words.pop()}`, ...words], table, world.env)
  return answer
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => text.split('\t')[0] ?? '')
}

describe('what may be typed', () => {
  test.each<[string, string[]]>([
    ['kntool ser', ['service']],
    ['kntool traffic ', ['describe', 'promote', 'rollback', 'split', 'tag', 'untag']],
    ['kntool -n default service cr', ['create']],
    ['kntool service describe ', ['other', 'web']],
    ['kntool ksvc describe w', ['web']],
    ['kntool service list --out', ['--output']],
    ['kntool service create --no-clus', ['--no-cluster-local']],
    ['kntool service create x --image ', ['example.com/web:v1', 'example.com/web:v2']],
    ['kntool service create x --image=example.com/web:v2', ['--image=example.com/web:v2']],
    ['kntool service create x --env A --pull-secret nosuch', []],
    ['kntool service list -n kube-s', ['kube-system']],
    ['kntool service create x --profile ', ['prod', 'stage']],
    ['kntool service list --config-profile s', ['stage']],
    ['kntool service list --context ', ['kntool-default']],
    ['kntool service create -f ', [':files']],
    ['kntool revision describe ', ['other-00001', 'web-00002', 'web-00001']],
    ['kntool revision list -s web web', ['web-00002', 'web-00001']],
    [
      'kntool traffic promote web ',
      ['@latest', '@prev', 'stable', 'next', 'web-00002', 'web-00001'],
    ],
    ['kntool traffic split web @p', ['@prev=', ':nospace']],
    ['kntool traffic split web @latest=10 st', ['stable=', ':nospace']],
    ['kntool traffic untag web ', ['stable', 'next']],
    [
      'kntool service update web --traffic @latest=10,web-00001',
      ['@latest=10,web-00001=', ':nospace'],
    ],
    ['kntool curl web --tag s', ['stable']],
    ['kntool logs web --revision @', ['@latest', '@prev']],
    ['kntool completion ', [...SHELLS]],
    ['kntool install --profile ', ['default', 'work']],
    ['kntool local up --runtime ', ['auto', 'process', 'container']],
    ['kntool nosuch ', []],
    ['kntool service create --nosuch=', []],
    ['kntool service describe --context nosuch ', []],
    ['kntool service describe -- --w', []],
  ])('%s', async (line, expected) => {
    expect(await values(line)).toEqual(expected)
  })

  test('no cluster is started for it', async () => {
    const home = join(world.folder, 'empty')
    expect(
      await complete(['=', 'service', 'describe'], table, {HOME: home, KNTOOL_HOME: home}),
    ).toBe('')
  })

  test('every flag that takes a value of a cluster or a file is known to be one', () => {
    const unknown = Object.values(table.commands).flatMap((command) =>
      Object.entries(command.flags)
        .filter(([name, {type}]) => type === 'option' && kindOfFlag(command, name) === undefined)
        .filter(([name]) =>
          /^(namespace|context|cluster|service|revision|image|.*file.*)$/.test(name),
        )
        .map(([name]) => `${command.id} --${name}`),
    )
    expect(unknown).toEqual([])
  })

  test('every command that has a name has names to choose from, but for new ones', () => {
    const ids = Object.values(table.commands)
      .filter((command) => !command.hidden && kindOfArgument(command, 0) === undefined)
      .map(({id}) => id)
      .filter((id) => /:(describe|update|delete|wait|export|split|tag|untag|promote)$/.test(id))
    expect(ids).toEqual([])
  })
})

describe('in a shell', () => {
  let path: string
  beforeAll(() => {
    const folder = join(world.folder, 'bin')
    mkdirSync(folder)
    const program = join(folder, 'kntool')
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${ROOT}/bin/dev.js' "$@"\n`)
    chmodSync(program, 0o755)
    for (const shell of SHELLS)
      writeFileSync(join(folder, `${shell}.script`), completionScript(shell))
    path = `${folder}:${process.env['PATH']}`
  })

  function shellOf(name: string): Requirement {
    return program(name, ['-c', 'exit 0'])
  }

  // The cluster is in this process, which has to answer meanwhile: nothing synchronous here.
  async function run(shell: string, args: string[], script: string): Promise<string[]> {
    const {spawn} = await import('node:child_process')
    const text = script.replace('SCRIPT', join(world.folder, 'bin', `${shell}.script`))
    const child = spawn(shell, [...args, '-c', text], {env: {...world.env, PATH: path}})
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
    await new Promise((ended) => child.on('close', ended))
    expect(stderr).toBe('')
    return stdout.split('\n').filter((line) => line !== '')
  }

  // One line each, since each starts the program from its sources.
  const LINE = 'kntool traffic promote web @'

  // What readline takes for the word begins after = : and @.
  test.each([
    [LINE, ['latest', 'prev']],
    ['kntool service create x --image=example.com/web:', ['v1', 'v2']],
  ])('bash: %s', needs(shellOf('bash')), async (line, expected) => {
    const script = `source SCRIPT; COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:@'
      COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; __kntool_complete; printf '%s\\n' "\${COMPREPLY[@]}"`
    expect(await run('bash', ['--norc'], script)).toEqual(expected)
  })

  test(`zsh: ${LINE}`, needs(shellOf('zsh')), async () => {
    const script = `compadd() { print -l -- $values }; words=("\${(@s: :)\${:-${LINE}}}"); CURRENT=$#words
      compdef() { }; source SCRIPT; _kntool`
    expect(await run('zsh', ['-f'], script)).toEqual(['@latest', '@prev'])
  })

  test(`fish: ${LINE}`, needs(shellOf('fish')), async () => {
    const lines = await run('fish', ['--no-config'], `source SCRIPT; complete -C '${LINE}'`)
    expect(lines).toEqual(['@latest\tthe latest ready revision', '@prev\tthe ready one before it'])
  })
})

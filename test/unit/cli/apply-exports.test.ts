/** What was read or exported goes in again; what cannot, says how it does; what is no file is refused. */
import {spawnSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'
import {needs, program} from '../../support/requirements.ts'

const PIPES = program('mkfifo', ['--version'])

let world: CommandCluster

beforeAll(async () => {
  world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
  await world.ok('service', 'create', 'web', '--image', 'example.com/web:1')
})

afterAll(() => world.stop())

const apply = (stdin: string) => world.run(['apply', '-f', '-'], {stdin})

describe('what kntool printed', () => {
  test.each([
    ['an export', ['service', 'export', 'web', '-o', 'yaml']],
    ['an export in JSON', ['service', 'export', 'web', '-o', 'json']],
    ['an Export', ['service', 'export', 'web', '--mode', 'export', '-o', 'yaml']],
    ['an Export in JSON', ['service', 'export', 'web', '--mode', 'export', '-o', 'json']],
    ['a Service', ['service', 'describe', 'web', '-o', 'yaml']],
    ['a list', ['service', 'list', '-o', 'yaml']],
  ])('can be applied: %s', async (_, argv) => {
    const text = await world.ok(...argv)

    expect(await apply(text)).toMatchObject({exitCode: 0})

    expect(await apply(text)).toMatchObject({
      exitCode: 0,
      stdout: 'service.serving.knative.dev/web unchanged\n',
    })
  })

  test('can be applied after a Service that was read, which had more', async () => {
    await apply(await world.ok('service', 'describe', 'web', '-o', 'yaml'))
    const text = await world.ok('service', 'export', 'web', '-o', 'yaml')
    expect(await apply(text)).toMatchObject({exitCode: 0})
  })

  test('is imported where it has revisions, and apply says so', async () => {
    const argv = ['service', 'export', 'web', '--with-revisions', '--mode', 'export', '-o', 'yaml']
    await world.ok('service', 'update', 'web', '--env', 'A=1')
    await world.ok('service', 'update', 'web', '--traffic', '@latest=50,@prev=50')
    const path = join(world.folder, 'export.yaml')
    writeFileSync(path, await world.ok(...argv))

    const {exitCode, stderr} = await world.run(['apply', '-f', path])

    expect({exitCode, stderr}).toEqual({
      exitCode: 2,
      stderr:
        `Error: ${path}:1:1: spec.revisions: an Export with revisions is imported, not applied\n` +
        `  kntool service import ${path}\n`,
    })
  })
})

describe('what is no file', needs(PIPES), () => {
  const pipe = (name: string): string => {
    const path = join(world.folder, name)
    mkdirSync(join(path, '..'), {recursive: true})
    spawnSync('mkfifo', [path])
    return path
  }

  test.each<[string, (path: string) => {argv: string[]; env?: Record<string, string>}]>([
    ['a manifest', (path) => ({argv: ['apply', '-f', path]})],
    ['among manifests', (path) => ({argv: ['apply', '-f', join(path, '..')]})],
    ['a Service', (path) => ({argv: ['service', 'create', 'x', '-f', path]})],
    ['an export', (path) => ({argv: ['service', 'import', path]})],
    [
      'variables',
      (path) => ({argv: ['service', 'create', 'x', '--image', 'i', '--env-file', path]}),
    ],
    ['a template', (path) => ({argv: ['service', 'list', '-o', `go-template-file=${path}`]})],
    ['a configuration', (path) => ({argv: ['service', 'list', '--config', path]})],
    ['a kubeconfig', (path) => ({argv: ['service', 'list'], env: {KUBECONFIG: path}})],
    ['among Services', (path) => ({argv: ['service', 'list', '--target', join(path, '../../..')]})],
  ])('is refused by its name as %s', async (_, commandOf) => {
    const path = pipe('fifos/default/ksvc/web.yaml')
    const {argv, env} = commandOf(path)

    const {exitCode, stderr} = await world.run(argv, env === undefined ? {} : {env})

    expect({exitCode, stderr}).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/web\.yaml.*it is a named pipe, not a file/),
    })
  })

  test('is empty where it is /dev/null', async () => {
    const {stderr} = await world.run(['service', 'list'], {env: {KUBECONFIG: '/dev/null'}})
    expect(stderr).toContain('has no current context')
  })
})

/** Services in files, by the commands that work on them. No cluster is there. */
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {readYaml} from '../../../../src/util/yaml/read-yaml.ts'
import type {Service} from '../../../../src/api/serving/v1.ts'
import {type CommandRun, runCommand} from '../../../support/run-command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kntool-files-'))
  mkdirSync(join(folder, 'repo'))
})
afterEach(() => rmSync(folder, {recursive: true}))

function run(...argv: string[]): Promise<CommandRun> {
  const env = {HOME: folder, XDG_CONFIG_HOME: folder, KUBECONFIG: undefined}
  return runCommand(argv, {cwd: folder, env})
}

function service(path: string): Service {
  return readYaml(readFileSync(join(folder, path), 'utf8')) as Service
}

const create = ['service', 'create', 'web', '--image', 'example.com/web']

describe('a folder', () => {
  test('has the namespace of the kubeconfig, else of the flag', async () => {
    await run(...create, '--target', 'repo')
    writeFileSync(
      join(folder, 'config'),
      'apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {namespace: team}}]\n',
    )
    await run(...create, '--target', 'repo', '--kubeconfig', 'config')
    await run(...create, '--target', 'repo', '-n', 'dev')
    expect(readdirSync(join(folder, 'repo'))).toEqual(['default', 'dev', 'team'])
    const listed = await run('service', 'list', '-A', '--target', 'repo', '--no-headers')
    expect(listed.stdout.match(/^\w+/gm)).toEqual(['default', 'dev', 'team'])
    expect((await run('service', 'list', 'other', '--target', 'repo')).stdout).toBe(
      'No services found.\n',
    )
  })

  test('keeps a service that is updated, with its traffic and its tags', async () => {
    await run(...create, '--target', 'repo', '--env', 'A=1')
    const changes = ['--env', 'A-', '--env', 'B=2', '--tag', '@latest=next']
    const shares = ['--traffic', 'web-00001=30', '--traffic', '@latest=70']
    const updated = await run('service', 'update', 'web', '--target', 'repo', ...changes, ...shares)
    expect(updated).toEqual({
      exitCode: 0,
      stdout: "Service 'web' updated in namespace 'default'.\n",
      stderr: '',
    })
    const {metadata, spec} = service('repo/default/ksvc/web.yaml')
    expect(metadata).toEqual({creationTimestamp: null, name: 'web', namespace: 'default'})
    expect(spec.template.spec.containers[0]?.env).toEqual([{name: 'B', value: '2'}])
    expect(spec.traffic).toEqual([
      {tag: 'next', latestRevision: true, percent: 70},
      {revisionName: 'web-00001', latestRevision: false, percent: 30},
    ])
  })

  test('is described with everything, though there are no revisions', async () => {
    await run(...create, '--target', 'repo', '--service-account', 'robot')
    const {stdout} = await run('service', 'describe', 'web', '-v', '--target', 'repo')
    expect(stdout).toContain('Service Account:  robot\n')
    expect(stdout).toContain('Revisions:  \n\nConditions:  \n')
  })

  test('is not made, and nothing is written without it', async () => {
    expect(await run(...create, '--target', 'nosuch')).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringContaining("directory 'nosuch' not present"),
    })
    expect(await run('service', 'list', '--target', 'nosuch')).toMatchObject({exitCode: 3})
    expect(readdirSync(folder)).toEqual(['repo'])
  })

  test.each([
    ['../../evil', 'default'],
    ['web', '../evil'],
    ['Web', 'default'],
  ])('has no place for %s in %s', async (name, namespace) => {
    const argv = ['service', 'create', name, '--image', 'i', '-n', namespace, '--target', 'repo']
    expect(await run(...argv)).toMatchObject({exitCode: 2, stdout: ''})
    expect(readdirSync(join(folder, 'repo'))).toEqual([])
  })

  test('loses only the services that are deleted', async () => {
    await run(...create, '--target', 'repo')
    await run('service', 'create', 'api', '--image', 'i', '--target', 'repo')
    const deleted = await run('service', 'delete', 'web', 'nosuch', '--target', 'repo', '--wait')
    expect(deleted).toMatchObject({
      exitCode: 3,
      stdout: "Service 'web' successfully deleted in namespace 'default'.\n",
    })
    expect(readdirSync(join(folder, 'repo/default/ksvc'))).toEqual(['api.yaml'])
  })
})

describe('a file', () => {
  test('holds one service, which another does not replace', async () => {
    await run(...create, '--target', 'web.json')
    const text = readFileSync(join(folder, 'web.json'), 'utf8')
    expect(JSON.parse(text)).toMatchObject({kind: 'Service', metadata: {name: 'web'}})
    const other = ['service', 'create', 'api', '--image', 'i', '--target', 'web.json']
    expect(await run(...other)).toMatchObject({exitCode: 7})
    expect(await run(...other, '--force')).toMatchObject({exitCode: 7})
    expect(readFileSync(join(folder, 'web.json'), 'utf8')).toBe(text)
  })

  test('is replaced as a whole by --force', async () => {
    await run(...create, '--target', 'web.yaml', '--env', 'A=1', '--label', 'old=1')
    const replaced = await run(...create, '--target', 'web.yaml', '--force', '--env', 'B=2')
    expect(replaced.stdout).toBe("Service 'web' replaced in namespace 'default'.\n")
    expect(service('web.yaml').spec.template.spec.containers[0]?.env).toEqual([
      {name: 'B', value: '2'},
    ])
    expect(service('web.yaml').metadata.labels).toBeUndefined()
  })

  test.each([
    ['kind: [', 'is not valid'],
    ['kind: Pod\napiVersion: v1\n', 'it is not a Service of serving.knative.dev/v1'],
    ['', 'it is not a Service of serving.knative.dev/v1'],
  ])('with %j cannot be used, and stays as it is', async (text) => {
    writeFileSync(join(folder, 'broken.yaml'), text)
    const updated = await run('service', 'update', 'web', '--env', 'A=1', '--target', 'broken.yaml')
    expect(updated).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('broken.yaml cannot be used'),
    })
    expect(readFileSync(join(folder, 'broken.yaml'), 'utf8')).toBe(text)
  })

  test('prints by a template', async () => {
    await run(...create, '--target', 'web.yaml')
    const path = 'jsonpath={.items[*].metadata.name} {.kind}'
    expect((await run('service', 'list', '--target', 'web.yaml', '-o', path)).stdout).toBe(
      'web List',
    )
  })
})

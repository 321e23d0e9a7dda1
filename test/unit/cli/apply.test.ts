/** `kntool apply -f` on a whole embedded cluster. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {CONFIG_MAPS, NAMESPACES} from '../../../src/api/core/v1.ts'
import {SERVICES} from '../../../src/api/serving/v1.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'

const service = (name: string, image = 'example.com/web:1'): string => `
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: ${name}}
spec: {template: {spec: {containers: [{image: '${image}'}]}}}
`
const settings = (value: string): string => `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: ${value}}
`

describe('apply', () => {
  let world: CommandCluster

  beforeAll(async () => {
    world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
  })

  afterAll(() => world.stop())

  const file = (name: string, text: string): string => {
    const path = join(world.folder, name)
    writeFileSync(path, text)
    return path
  }
  const find = (name: string) => world.cluster.client.find(SERVICES, {namespace: 'default', name})

  test('says of each object whether it was created, configured or left as it was', async () => {
    const path = file('app.yaml', `${service('web')}---${settings('one')}`)
    expect(await world.ok('apply', '-f', path)).toBe(
      'configmap/settings created\nservice.serving.knative.dev/web created\n',
    )
    file('app.yaml', `${service('web')}---${settings('two')}`)
    expect(await world.ok('apply', '-f', path)).toBe(
      'configmap/settings configured\nservice.serving.knative.dev/web unchanged\n',
    )
  })

  test('makes namespaces and kinds before what needs them', async () => {
    const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`
    const widget = `
apiVersion: example.com/v1
kind: Widget
metadata: {name: one, namespace: shop}
`
    const namespace = '\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n'
    const run = await world.run(['apply', '-f', '-'], {
      stdin: [widget, namespace, definition].join('---'),
    })
    expect(run).toMatchObject({exitCode: 0, stderr: ''})
    expect(run.stdout.split('\n')).toContain('widget.example.com/one created')
    expect(await world.cluster.client.find(NAMESPACES, {name: 'shop'})).toBeDefined()
  })

  test('waits for services and names their URLs', async () => {
    const path = file('ready.yaml', `${service('one')}---${service('two')}`)
    const run = await world.run(['apply', '-f', path, '--wait'])
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toContain(
      "Service 'two' is available at URL:\nhttp://two.default.example.com",
    )
    expect((await find('two'))?.status?.latestReadyRevisionName).toBe('two-00001')
  })

  test('takes over what other commands of the program wrote', async () => {
    await world.ok('service', 'create', 'mine', '--image', 'example.com/web:1', '--no-wait')
    const path = file('mine.yaml', service('mine', 'example.com/web:2'))
    expect(await world.ok('apply', '-f', path)).toContain('mine configured')
  })

  test('leaves fields alone that others manage, unless it is told to take them', async () => {
    const {client} = world.cluster
    await client.apply(
      CONFIG_MAPS,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {namespace: 'default', name: 'theirs'},
        data: {mode: 'a'},
      },
      {fieldManager: 'somebody'},
    )
    const path = file('theirs.yaml', settings('b').replace('settings', 'theirs'))
    const refused = await world.run(['apply', '-f', path])
    expect(refused.exitCode).toBe(7)
    expect(refused.stderr).toMatch(/theirs.yaml:1:2: .*conflict with "somebody".*\.data\.mode/s)
    expect(refused.stderr).toContain('--force-conflicts')
    expect(await world.ok('apply', '-f', path, '--force-conflicts')).toContain('configured')
  })

  test.each([
    ['an unknown kind', service('x').replace('kind: Service', 'kind: Servise'), /:2:\d+: kind: /],
    ['an unknown field', service('x').replace('spec: {t', 'spec: {colour: red, t'), /colour/],
    ['a value that is refused', service('x', ''), /image/],
    ['no YAML', 'a: [', /:2:\d+: YAML: /],
  ])('writes nothing at all because of %s', async (_, wrong, message) => {
    const path = file('wrong.yaml', `${service('never').trim()}\n---\n${wrong}`)
    const run = await world.run(['apply', '-f', path])
    expect(run).toMatchObject({exitCode: 2, stdout: ''})
    expect(run.stderr).toMatch(message)
    expect(await find('never')).toBeUndefined()
  })

  test('shows what it would do', async () => {
    const path = file('plan.yaml', `${service('later')}---${settings('three')}`)
    const stdout = await world.ok('apply', '-f', path, '--diff')
    expect(stdout).toContain("Service 'later' in namespace 'default' would be created")
    expect(stdout).toMatch(/^-  mode: two\n\+  mode: three$/m)
    expect(await find('later')).toBeUndefined()
  })

  test('asks for a file', async () => {
    expect(await world.run(['apply'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--filename'),
    })
  })
})

/** Lists of objects through real kubectl, which checks them itself by our OpenAPI of version 2. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {KubectlCluster} from '../support/kubectl.ts'
import {KUBECTL, needs} from '../support/requirements.ts'

const listOf = (...items: object[]) =>
  JSON.stringify({apiVersion: 'v1', kind: 'List', metadata: {}, items})
const configMap = (name: string, data: object = {a: '1'}, labels?: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, ...(labels && {labels})},
  data,
})
const knativeService = (name: string, target: string) => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: {name},
  spec: {
    template: {
      spec: {
        containers: [{image: 'example.test/hello', env: [{name: 'TARGET', value: target}]}],
      },
    },
  },
})

/** What is no warning: Knative warns of every Service without a security context. */
const problemsIn = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Warning: '))

describe('lists of objects', needs(KUBECTL), () => {
  let kubectl: KubectlCluster
  beforeAll(async () => {
    kubectl = await KubectlCluster.start({
      handlers: {'example.test/*': () => new Response('hello')},
    })
  }, 60_000)
  afterAll(() => kubectl.stop())

  const ok = async (args: readonly string[], input = ''): Promise<string> => {
    const {status, stdout, stderr} = await kubectl.run(args, {input})
    expect({args, status, problems: problemsIn(stderr)}).toEqual({args, status: 0, problems: []})
    return stdout
  }

  test.each([
    [['apply', '-f', '-'], 'created'],
    [['create', '-f', '-'], 'created'],
    [['apply', '--server-side', '-f', '-'], 'serverside-applied'],
    [['apply', '--validate=strict', '-f', '-'], 'created'],
  ])('kubectl %j makes every item of a List', async (args, outcome) => {
    const input = listOf(configMap('one'), knativeService('two', 'you'))
    expect(await ok(args, input)).toBe(
      `configmap/one ${outcome}\nservice.serving.knative.dev/two ${outcome}\n`,
    )
    expect(await ok(['delete', '-f', '-'], input)).toContain('configmap "one" deleted')
  })

  test('a List can be changed, replaced, annotated, compared and deleted as one', async () => {
    await ok(['apply', '-f', '-'], listOf(configMap('a'), configMap('b')))
    const changed = listOf(configMap('a', {a: '2'}), configMap('b'))
    const diff = await kubectl.run(['diff', '-f', '-'], {input: changed})
    expect(diff.status).toBe(1)
    expect(diff.stdout).toContain('+  a: "2"')
    expect(await ok(['apply', '-f', '-'], changed)).toBe(
      'configmap/a configured\nconfigmap/b unchanged\n',
    )
    expect(await ok(['annotate', '-f', '-', 'note=x'], changed)).toBe(
      'configmap/a annotated\nconfigmap/b annotated\n',
    )
    expect(await ok(['label', '-f', '-', 'label=y'], changed)).toContain('configmap/a labeled')
    expect(await ok(['patch', '-f', '-', '-p', '{"data":{"c":"3"}}'], changed)).toContain(
      'configmap/b patched',
    )
    expect(await ok(['replace', '-f', '-'], changed)).toBe(
      'configmap/a replaced\nconfigmap/b replaced\n',
    )
    await ok(['delete', '-f', '-'], changed)
  })

  test.each([
    [
      'a list with a kind of its own',
      JSON.stringify({apiVersion: 'v1', kind: 'ConfigMapList', items: [configMap('inner')]}),
    ],
    [
      'a list of Services of Knative',
      JSON.stringify({
        apiVersion: 'serving.knative.dev/v1',
        kind: 'ServiceList',
        metadata: {},
        items: [knativeService('inner', 'me')],
      }),
    ],
  ])('%s is taken apart', async (_name, input) => {
    expect(await ok(['apply', '-f', '-'], input)).toContain('/inner created')
    await ok(['delete', '-f', '-'], input)
  })

  test('an empty List is no object', async () => {
    const {status, stderr} = await kubectl.run(['apply', '-f', '-'], {input: listOf()})
    expect({status, stderr}).toEqual({status: 1, stderr: 'error: no objects passed to apply\n'})
  })

  test('a field that nobody knows is refused in a List as well', async () => {
    const bad = {...configMap('bad'), dta: {}}
    const {status, stderr} = await kubectl.run(['apply', '-f', '-'], {input: listOf(bad)})
    expect(status).toBe(1)
    expect(stderr).toContain('unknown field "dta" in io.k8s.api.core.v1.ConfigMap')
    const service = {...knativeService('bad', 'x'), spec: {template: {specc: {}}}}
    const custom = await kubectl.run(['apply', '-f', '-'], {input: listOf(service)})
    expect(custom.stderr).toContain('unknown field "specc" in dev.knative.serving.v1.Service')
    expect(await ok(['apply', '--validate=false', '-f', '-'], listOf(bad))).toContain('created')
  })

  test('a value of the wrong type is refused in a List as well', async () => {
    const bad = configMap('typed', {a: {b: 1}})
    const {stderr} = await kubectl.run(['apply', '-f', '-'], {input: listOf(bad)})
    expect(stderr).toContain('invalid type for io.k8s.api.core.v1.ConfigMap.data')
  })

  test('what the cluster has of every kind can be applied as it was printed', async () => {
    await ok(['apply', '-f', '-'], listOf(configMap('kept'), knativeService('kept', 'k')))
    await ok(['wait', 'ksvc', 'kept', '--for=condition=Ready', '--timeout=30s'])
    const printed = await ok(['get', 'cm,secret,ksvc', '-o', 'yaml'])
    expect(await ok(['apply', '-f', '-'], printed)).toContain('service.serving.knative.dev/kept')
    // What controllers write all the time may have changed since, so that it is only checked.
    const kinds = 'all,crd,ns,sa,endpoints,endpointslice,configuration,king,sks,pa,vs,gateway,node'
    const everything = await ok(['get', kinds, '-A', '-o', 'yaml'])
    const checked = await ok(['apply', '--dry-run=client', '-f', '-'], everything)
    expect(checked).toContain('revision.serving.knative.dev/kept-00001 configured (dry run)')
  }, 60_000)

  test('apply --prune deletes what left the List', async () => {
    const labels = {set: 'pruned'}
    const prune = ['apply', '--prune', '-l', 'set=pruned', '--prune-allowlist=core/v1/ConfigMap']
    await ok(
      ['apply', '-f', '-'],
      listOf(configMap('stays', {a: '1'}, labels), configMap('goes', {a: '1'}, labels)),
    )
    expect(await ok([...prune, '-f', '-'], listOf(configMap('stays', {a: '1'}, labels)))).toBe(
      'configmap/stays unchanged\nconfigmap/goes pruned\n',
    )
  })

  test('edit opens a List and applies what became of it', async () => {
    await ok(['apply', '-f', '-'], listOf(configMap('e1'), configMap('e2')))
    const {status, stdout, stderr} = await kubectl.run(['edit', 'cm', 'e1', 'e2'], {
      env: {EDITOR: String.raw`sed -i s/\"1\"/edited/`},
    })
    expect({status, stdout, stderr}).toEqual({
      status: 0,
      stdout: 'configmap/e1 edited\nconfigmap/e2 edited\n',
      stderr: '',
    })
  })

  test.each([
    'cm',
    'pods.spec.volumes.projected.sources',
    'deploy.spec.template.spec.containers.ports',
    'ksvc.spec.traffic',
    'ksvc.spec.template.spec.containers.ports',
    'ksvc.status',
    'virtualservice.spec.http',
    'crd.spec.versions.schema',
  ])('explain %s names the same fields by both versions of OpenAPI', async (path) => {
    const plain = (text: string): string[] =>
      text
        .slice(text.indexOf('FIELDS:'))
        .split('\n')
        .map((line) => line.trim().split('\t')[0] ?? '')
        .filter((name) => /^[$\w]+$/.test(name))
    const two = await ok(['explain', path, '--recursive', '--output', 'plaintext-openapiv2'])
    const three = await ok(['explain', path, '--recursive'])
    expect(plain(two).length).toBeGreaterThan(2)
    expect(plain(two)).toEqual(plain(three))
  })
})

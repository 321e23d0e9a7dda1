/** Domain mappings and secrets, typed on an embedded cluster. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {SECRETS} from '../../../src/api/core/v1.ts'
import {DOMAIN_MAPPINGS} from '../../../src/api/serving/v1.ts'
import {normalizeOutput} from '../../support/cli-normalize.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'

const HOST = 'web.example.org'
const key = {namespace: 'default', name: HOST}

let world: CommandCluster
beforeAll(async () => {
  world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
  for (const name of ['web', 'other']) {
    await world.ok('service', 'create', name, '--image', 'example.com/web')
  }
})
afterAll(() => world.stop())

describe('a domain mapping', () => {
  test('there is none at first', async () => {
    expect(await world.ok('domain', 'list')).toBe('No domain mapping found.\n')
    expect(JSON.parse(await world.ok('domain', 'list', '-o', 'json'))).toEqual({
      apiVersion: 'serving.knative.dev/v1beta1',
      items: [],
      kind: 'DomainMappingList',
    })
  })

  test.each([
    [['create', HOST], 2, 'required flag(s) "ref" not set'],
    [['create', '--ref', 'web'], 2, 'requires the domain name given as single argument'],
    [['create', HOST, '--ref', 'pod:web'], 2, "unsupported sink prefix: 'pod'"],
    [['create', HOST, '--ref', 'nosuch'], 3, 'services.serving.knative.dev "nosuch" not found'],
    [['create', HOST, '--ref', 'kroute:no'], 3, 'routes.serving.knative.dev "no" not found'],
    [['create', HOST, '--ref', 'web', '--tls', 'A B'], 2, 'invalid secret name "A B"'],
    [['update', HOST, '--ref', 'web'], 3, `domainmappings.serving.knative.dev "${HOST}" not found`],
    [['update', HOST], 2, 'required flag(s) "ref" not set'],
    [['describe', HOST], 3, `domainmappings.serving.knative.dev "${HOST}" not found`],
    [['delete', HOST], 3, `domainmappings.serving.knative.dev "${HOST}" not found`],
  ])('%j fails with %i', async (words, exitCode, message) => {
    const run = await world.run(['domain', ...words])
    expect(run).toMatchObject({exitCode, stdout: ''})
    expect(run.stderr).toContain(message)
  })

  test('is created for a service', async () => {
    expect(await world.ok('domain', 'create', HOST, '--ref', 'web', '--tls', 'cert')).toBe(
      `Domain mapping '${HOST}' created in namespace 'default'.\n`,
    )
    const {spec} = await world.cluster.client.get(DOMAIN_MAPPINGS, key)
    expect(spec).toEqual({
      ref: {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Service',
        name: 'web',
        namespace: 'default',
      },
      tls: {secretName: 'cert'},
    })
  })

  test('exists once', async () => {
    const run = await world.run(['domain', 'create', HOST, '--ref', 'web'])
    expect(run).toMatchObject({exitCode: 7, stdout: ''})
  })

  test('is mapped to a route instead, its certificate staying', async () => {
    const stdout = await world.ok('domain', 'update', HOST, '--ref', 'kroute:other:default')
    expect(stdout).toBe(`Domain mapping '${HOST}' updated in namespace 'default'.\n`)
    const {spec} = await world.cluster.client.get(DOMAIN_MAPPINGS, key)
    expect(spec).toMatchObject({ref: {kind: 'Route', name: 'other'}, tls: {secretName: 'cert'}})
  })

  test('is listed and described', async () => {
    await world.cluster.settled()
    expect(normalizeOutput(await world.ok('domain', 'list', '-A'))).toBe(
      `NAMESPACE  NAME  URL  READY  KSVC\ndefault  ${HOST}  http://${HOST}  False  other`,
    )
    expect(await world.ok('domain', 'describe', HOST, '-o', 'url')).toBe(`http://${HOST}\n`)
    expect(await world.ok('domain', 'describe', HOST, '-o', 'name')).toBe(
      `domainmapping.serving.knative.dev/${HOST}\n`,
    )
    const text = await world.ok('domain', 'describe', HOST)
    expect(text).toMatch(
      new RegExp(
        [
          `^Name:       ${HOST}\nNamespace:  default\nAge:        \\d+s\n`,
          `URL:  http://${HOST}\n`,
          'Reference:     \n  APIVersion:  serving.knative.dev/v1\n  Kind:        Route\n  Name:        other\n',
          'Conditions:  \n  OK TYPE .*\n  !! Ready ',
        ].join('\n'),
      ),
    )
  })

  test('costs one request to look at', async () => {
    world.requests()
    await world.ok('domain', 'list', '-o', 'yaml')
    await world.ok('domain', 'describe', HOST, '-v')
    expect(world.requests()).toEqual(['GET domainmappings', `GET domainmappings/${HOST}`])
  })

  test('shows its requests with --log-http, beside its output', async () => {
    const run = await world.run(['domain', 'describe', HOST, '-o', 'name', '--log-http'])
    expect(run.stdout).toBe(`domainmapping.serving.knative.dev/${HOST}\n`)
    expect(run.stderr).toMatch(/^GET \S+\/domainmappings\/web\.example\.org 200 in \d+ ms\n$/)
  })

  test('is deleted', async () => {
    expect(await world.ok('domain', 'delete', HOST)).toBe(
      `Domain mapping '${HOST}' deleted in namespace 'default'.\n`,
    )
    expect(await world.cluster.client.find(DOMAIN_MAPPINGS, key)).toBeUndefined()
  })
})

describe('a secret', () => {
  const find = (name: string) => world.cluster.client.find(SECRETS, {namespace: 'default', name})

  test('there is none at first', async () => {
    expect(await world.ok('secret', 'list')).toBe('No secret found.\n')
  })

  test.each([
    [['create'], 'requires the secret name given as single argument'],
    [['create', 's', '-l', 'a=1', '--tls-cert', 'c'], "TLS flags can't be combined"],
    [['create', 's', '--tls-cert', 'c'], 'both --tls-cert and --tls-key flags are required'],
    [['create', 's', '-l', 'a'], 'argument requires a value that contains the "=" character'],
    [['create', 's', '-l', 'a=1,a=2'], 'The key "a" has been given twice'],
    [['create', 's', '--tls-cert', '/none', '--tls-key', '/none'], 'no such file or directory'],
  ])('%j fails, and nothing is written', async (words, message) => {
    world.requests()
    const run = await world.run(['secret', ...words])
    expect(run).toMatchObject({exitCode: 2, stdout: ''})
    expect(run.stderr).toContain(message)
    expect(world.requests()).toEqual([])
  })

  test('is made of values', async () => {
    const literals = ['-l', 'user=admin,password=a=b', '--from-literal', 'empty=']
    const stdout = await world.ok('secret', 'create', 'db', ...literals)
    expect(stdout).toBe("Secret 'db' created in namespace 'default'.\n")
    expect(await find('db')).toMatchObject({
      type: 'Opaque',
      data: {user: btoa('admin'), password: btoa('a=b'), empty: ''},
    })
  })

  test('is made of a certificate, under the names the server asks for', async () => {
    const [certificate, keyFile] = ['crt', 'key'].map((end) => join(world.folder, `web.${end}`))
    writeFileSync(certificate ?? '', 'CERTIFICATE')
    writeFileSync(keyFile ?? '', 'KEY')
    const files = ['--tls-cert', certificate ?? '', '--tls-key', keyFile ?? '']
    await world.ok('secret', 'create', 'tls', ...files)
    expect(await find('tls')).toMatchObject({
      type: 'kubernetes.io/tls',
      data: {'tls.crt': btoa('CERTIFICATE'), 'tls.key': btoa('KEY')},
    })
  })

  test('is listed without its values', async () => {
    expect(await world.ok('secret', 'list')).toBe(
      'NAME   TYPE\ndb     Opaque\ntls    kubernetes.io/tls\n',
    )
    expect(await world.ok('secret', 'list', '-o', 'name')).toBe('secret/db\nsecret/tls\n')
  })

  test('is deleted without a word on standard output, as in kn', async () => {
    expect(await world.run(['secret', 'delete', 'db'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: "Secret 'db' deleted in namespace 'default'.\n",
    })
    expect(await world.run(['secret', 'delete', 'db'])).toMatchObject({exitCode: 3})
    expect(await find('db')).toBeUndefined()
  })
})

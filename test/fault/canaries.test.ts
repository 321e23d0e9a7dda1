/** A secret planted in everything that is read: it comes out of no stream, whatever goes wrong. */
import {chmodSync, writeFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {CANARY, leaksOf as leaks, plant, withCanary} from '../support/canary.ts'
import {type CommandCluster, startCommandCluster} from '../support/command-cluster.ts'

let world: CommandCluster

beforeAll(async () => {
  world = await startCommandCluster()
})

afterAll(() => world.stop())

/** Writes a file and answers its path. */
function file(name: string, text: string, mode = 0o600): string {
  const path = join(world.folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

/** What the command printed that has the secret. */
const leaksOf = (
  canary: string,
  {kubeconfig, ...attempt}: {args: readonly string[]; kubeconfig?: string; stdin?: string},
): Promise<string[]> =>
  leaks(canary, {
    ...attempt,
    env: {...world.env, ...(kubeconfig !== undefined && {KUBECONFIG: kubeconfig})},
  })

/** A kubeconfig of one cluster and one user. */
function config(user: object, cluster: object = {}): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{name: 'c', context: {cluster: 'c', user: 'u'}}],
    clusters: [{name: 'c', cluster: {server: 'http://127.0.0.1:1', ...cluster}}],
    users: [{name: 'u', user}],
  })
}

const LIST = ['service', 'list']

describe('a secret in a kubeconfig', () => {
  const exec = (command: string, env: unknown[] = []) => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command,
      env,
      interactiveMode: 'Never',
    },
  })

  test.each<[string, object, object?]>([
    ['as a token', {token: CANARY}],
    ['as a token that cannot be sent', {token: `${CANARY}\n\u0001`}],
    ['as a token of the wrong type', {token: {value: CANARY}}],
    ['as a list of tokens', {token: [CANARY]}],
    ['as a password', {username: 'user', password: CANARY}],
    [
      'as a key',
      {'client-certificate-data': 'AAAA', 'client-key-data': CANARY},
      {server: 'https://127.0.0.1:1'},
    ],
    [
      'as a key that is no base64',
      {'client-key-data': `-----BEGIN KEY----- ${CANARY}`},
      {server: 'https://127.0.0.1:1'},
    ],
    ['as the path of a key', {'client-key': 7, token: CANARY}],
    [
      'for an auth provider',
      {
        'auth-provider': {
          name: 'oidc',
          config: {
            'id-token': CANARY,
            'refresh-token': CANARY,
            'client-secret': CANARY,
            'idp-issuer-url': 'http://127.0.0.1:1',
          },
        },
      },
    ],
    [
      'for an unknown auth provider',
      {'auth-provider': {name: 'gcp', config: {'access-token': CANARY, 'cmd-path': '/bin/false'}}},
    ],
    ['in the environment of a plugin', exec('/bin/false', [{name: 'SECRET', value: CANARY}])],
    [
      'in a plugin that is not there',
      {...exec('no-such-plugin', [{name: 'A', value: CANARY}]), token: CANARY},
    ],
    ['in a plugin without a list', {exec: {command: 'sh', args: CANARY, env: CANARY}}],
    ['in the address', {}, {server: `http://user:${CANARY}@127.0.0.1:1`}],
    ['in an address that is none', {}, {server: `ftp://user:${CANARY}@x`}],
    ['in an address that cannot be parsed', {}, {server: `http://user:${CANARY}@[x`}],
    ['in an address without a scheme', {}, {server: `user:${CANARY}@127.0.0.1`}],
    ['in the address of a proxy', {}, {'proxy-url': `http://user:${CANARY}@127.0.0.1:1`}],
    ['in the address of a proxy that is none', {}, {'proxy-url': `foo://user:${CANARY}@:x`}],
  ])('%s', async (_, user, cluster) => {
    const canary = plant()
    const path = file('kubeconfig', withCanary(config(user, cluster), canary))
    expect(await leaksOf(canary, {args: LIST, kubeconfig: path})).toEqual([])
  })

  test.each([
    ['that ends amid a text', `users:\n- name: u\n  user: {token: "${CANARY}\n`],
    ['with a line too many', `${CANARY}\nkind: Config\nusers: []\n`],
    ['with a token as a key', `kind: Config\n? [${CANARY}]\n: x\n  y: ${CANARY}\n`],
    [
      'with a token twice',
      `users:\n- name: u\n  user:\n    token: ${CANARY}\n    token: ${CANARY}\n`,
    ],
    ['with an anchor', `users: *${CANARY}\n`],
    ['with a tag', `users: !<${CANARY}> x\n`],
    ['in JSON', `{"users": [{"user": {"token": "${CANARY}" "x"}}]}`],
    ['in JSON that breaks at the secret', `{"token": ${CANARY}}`],
    ['of one line', CANARY],
  ])('%s', async (_, text) => {
    const canary = plant()
    const path = file('kubeconfig', withCanary(text, canary))
    expect(await leaksOf(canary, {args: LIST, kubeconfig: path})).toEqual([])
  })

  test.each([
    ['on its standard error', `echo '${CANARY}' >&2; exit 3`],
    ['on its standard output', `echo '${CANARY}'; exit 0`],
    ['in half a document', `echo '{"kind":"ExecCredential","status":{"token":"${CANARY}"'; exit 0`],
    ['in a document without a version', `echo '{"status":{"token":"${CANARY}"}}'`],
    [
      'as a token that cannot be sent',
      `printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"${CANARY}\\\\n"}}'`,
    ],
    [
      'as a key that is none',
      `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"x","clientKeyData":"${CANARY}"}}'`,
    ],
    [
      'with a token that nobody takes',
      `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"${CANARY}"}}'`,
    ],
    ['on both, and is killed', `echo '${CANARY}'; echo '${CANARY}' >&2; kill -9 $$`],
  ])('that a plugin prints: %s', async (_, script) => {
    const canary = plant()
    const plugin = file('plugin', `#!/bin/sh\n${withCanary(script, canary)}\n`, 0o700)
    const path = file('kubeconfig', config(exec(plugin), {server: 'https://127.0.0.1:1'}))
    expect(await leaksOf(canary, {args: LIST, kubeconfig: path})).toEqual([])
  })
})

describe('a secret in a flag or a file that it names', () => {
  test.each<[string, readonly string[]]>([
    ['a value without a name', ['secret', 'create', 's', '--from-literal', `=${CANARY}`]],
    ['a value alone', ['secret', 'create', 's', '--from-literal', CANARY]],
    ['a value of a bad name', ['secret', 'create', 's', '--from-literal', `a b=${CANARY}`]],
    [
      'a value twice',
      ['secret', 'create', 's', '--from-literal', `a=${CANARY}`, '--from-literal', `a=${CANARY}x`],
    ],
    ['a value and a bad flag', ['secret', 'create', 's', '--from-literal', `a=${CANARY}`, '--bad']],
    [
      'a value and a bad name of a Secret',
      ['secret', 'create', 'S S', '--from-literal', `a=${CANARY}`],
    ],
    [
      'a value and a bad type',
      [
        'secret',
        'create',
        's',
        '--type',
        'kubernetes.io/dockerconfigjson',
        '--from-literal',
        `.dockerconfigjson=${CANARY}`,
      ],
    ],
    [
      'a variable without a name',
      ['service', 'create', 'x', '--image', 'i', '--env', `=${CANARY}`],
    ],
    [
      'a variable with a bad name',
      ['service', 'create', 'x', '--image', 'i', '--no-wait', '--env', `a b=${CANARY}`],
    ],
    [
      'a variable and a bad flag',
      ['service', 'create', 'x', '--image', 'i', '--env', `PASSWORD=${CANARY}`, '--port', 'zero'],
    ],
    [
      'a variable and a refusal',
      ['service', 'create', 'X', '--image', 'i', '--env', `PASSWORD=${CANARY}`],
    ],
    [
      'a variable and a refused object',
      ['service', 'create', 'x', '--image', '', '--env', `PASSWORD=${CANARY}`],
    ],
  ])('%s', async (_, args) => {
    const canary = plant()
    expect(await leaksOf(canary, {args: withCanary(args, canary)})).toEqual([])
  })

  test.each<[string, string, readonly string[]]>([
    [
      'a file of variables without a name',
      `A=1\n=${CANARY}\n`,
      ['service', 'create', 'x', '--image', 'i', '--env-file'],
    ],
    [
      'a file of variables that has a line alone',
      `A=1\n${CANARY}\n`,
      ['service', 'create', 'x', '--image', 'i', '--env-file'],
    ],
    [
      'a file of variables with a bad name',
      `A=1\nB c=${CANARY}\n`,
      ['service', 'create', 'x', '--image', 'i', '--no-wait', '--env-file'],
    ],
    ['a file of a Secret with a bad name', CANARY, ['secret', 'create', 'S', '--from-file']],
    [
      'a file of a Secret env',
      `${CANARY}\n=${CANARY}`,
      ['secret', 'create', 's', '--from-env-file'],
    ],
    ['a key of TLS', CANARY, ['secret', 'create', 's', '--tls-cert', '/nonexistent', '--tls-key']],
    ['a configuration file', `defaults: ${CANARY}\n`, ['service', 'list', '--config']],
    ['a broken configuration file', `defaults: {a: ${CANARY}\n`, ['service', 'list', '--config']],
  ])('%s', async (_, text, args) => {
    const canary = plant()
    const path = file('input', withCanary(text, canary))
    expect(await leaksOf(canary, {args: [...args, path]})).toEqual([])
  })
})

describe('a secret in a manifest', () => {
  const secret = (data: string, more = ''): string =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n${more}${data}\n`

  test.each([
    ['that is no YAML', secret(`stringData: {password: "${CANARY}`)],
    ['that has a tab', secret(`stringData:\n\tpassword: ${CANARY}`)],
    ['that has a key twice', secret(`stringData: {password: ${CANARY}, password: ${CANARY}}`)],
    ['whose data is no base64', secret(`data: {password: "${CANARY}!"}`)],
    ['whose data is a list', secret(`data: [${CANARY}]`)],
    ['whose data is a text', secret(`data: ${CANARY}`)],
    ['whose texts are numbers', secret(`stringData: {password: [${CANARY}]}`)],
    [
      'whose type wants another key',
      secret(`stringData: {password: ${CANARY}}`, 'type: kubernetes.io/tls\n'),
    ],
    [
      'whose type wants JSON',
      secret(
        `stringData: {.dockerconfigjson: ${CANARY}}`,
        'type: kubernetes.io/dockerconfigjson\n',
      ),
    ],
    ['that has no kind', `apiVersion: v1\nmetadata: {name: s}\nstringData: {password: ${CANARY}}`],
    [
      'of an unknown kind',
      `apiVersion: v2\nkind: Secret\nmetadata: {name: s}\nstringData: {password: ${CANARY}}`,
    ],
    ['with an unknown field', secret(`password: ${CANARY}`)],
    [
      'with a bad name',
      secret(`stringData: {password: ${CANARY}}`).replace('name: s', 'name: S S'),
    ],
    ['with a bad key', secret(`stringData: {"a b": ${CANARY}}`)],
    [
      'of a Service with a bad field',
      `apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{image: i, env: [{name: PASSWORD, value: ${CANARY}, bad: 1}], ports: 7}]}}}`,
    ],
    [
      'of a Service with a number',
      `apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{image: i, env: [{name: PASSWORD, value: {a: ${CANARY}}}]}]}}}`,
    ],
    [
      'of a Service with a text',
      `apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{image: i, env: PASSWORD=${CANARY}}]}}}`,
    ],
    [
      'that annotates',
      `apiVersion: v1\nkind: Secret\nmetadata: {name: s, annotations: {a: {password: ${CANARY}}}}`,
    ],
    ['of one line', CANARY],
  ])('%s', async (_, text) => {
    const canary = plant()
    const stdin = withCanary(text, canary)
    const path = file('manifest.yaml', stdin)
    expect(await leaksOf(canary, {args: ['apply', '-f', path]})).toEqual([])
    expect(
      await leaksOf(canary, {args: ['apply', '-f', '-', '--dry-run', 'server'], stdin}),
    ).toEqual([])
    expect(await leaksOf(canary, {args: ['service', 'apply', '-f', path, '--no-wait']})).toEqual([])
  })
})

describe('a server that repeats what it was sent', () => {
  let server: Server
  let address: string

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const said = JSON.stringify(request.headers) + Buffer.concat(chunks).toString('utf8')
        const isFound = request.method === 'GET' && /\/api(s)?(\/v1)?$/.test(request.url ?? '')
        response.writeHead(isFound ? 200 : 422, {
          'content-type': 'application/json',
          warning: `299 - ${JSON.stringify(said.slice(0, 400))}`,
        })
        response.end(
          JSON.stringify(
            isFound
              ? {
                  kind: 'APIResourceList',
                  groups: [],
                  versions: ['v1'],
                  resources: [SECRET_RESOURCE],
                }
              : {
                  kind: 'Status',
                  code: 422,
                  reason: 'Invalid',
                  message: `no: ${said}`,
                  details: {name: said},
                },
          ),
        )
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => server.close())

  test.each<[string, object]>([
    ['a token', {token: CANARY}],
    ['a password', {username: 'user', password: CANARY}],
  ])('repeats no %s on a terminal', async (_, user) => {
    const canary = plant()
    const kubeconfig = file('kubeconfig', config(withCanary(user, canary), {server: address}))
    expect(await leaksOf(canary, {args: LIST, kubeconfig})).toEqual([])
  })

  test('repeats no value of a Secret on a terminal', async () => {
    const canary = plant()
    const kubeconfig = file('kubeconfig', config({}, {server: address}))
    const args = ['secret', 'create', 's', '--from-literal', `password=${canary}`]
    expect(await leaksOf(canary, {args, kubeconfig})).toEqual([])
    const next = plant()
    const encoded = Buffer.from(next).toString('base64')
    const path = file(
      'manifest.yaml',
      `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: ${encoded}}\nstringData: {b: ${next}}\n`,
    )
    expect(await leaksOf(next, {args: ['apply', '-f', path], kubeconfig})).toEqual([])
  })
})

const SECRET_RESOURCE = {
  name: 'secrets',
  singularName: 'secret',
  kind: 'Secret',
  namespaced: true,
  verbs: ['create', 'get', 'list', 'patch'],
}

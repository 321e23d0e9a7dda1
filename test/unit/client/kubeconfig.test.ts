import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {resolveSecurity} from '../../../src/client/credentials.ts'
import {kubeconfigPaths, loadKubeconfig, selectTarget} from '../../../src/client/kubeconfig.ts'

const folder = mkdtempSync(join(tmpdir(), 'kntool-kubeconfig-'))
afterAll(() => rmSync(folder, {recursive: true}))

function write(name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), {recursive: true})
  writeFileSync(path, text)
  return path
}

const ONE = write(
  'one/config',
  `
apiVersion: v1
kind: Config
current-context: prod
contexts:
- name: prod
  context: {cluster: prod, user: admin, namespace: shop}
clusters:
- name: prod
  cluster: {server: "https://prod:6443", certificate-authority: ca.crt}
users:
- name: admin
  user: {tokenFile: token}
`,
)
write('one/ca.crt', 'PEM')
write('one/token', 'secret\n')

const TWO = write(
  'two.json',
  JSON.stringify({
    'current-context': 'dev',
    contexts: [
      {name: 'dev', context: {cluster: 'dev', user: 'basic'}},
      {name: 'prod', context: {cluster: 'dev', user: 'basic'}},
    ],
    clusters: [
      {name: 'dev', cluster: {server: 'http://dev:8080', 'insecure-skip-tls-verify': true}},
    ],
    users: [{name: 'basic', user: {username: 'joe', password: 'pw', as: 'jane'}}],
  }),
)

describe('kubeconfigPaths', () => {
  test.each([
    [{HOME: '/home/joe'}, ['/home/joe/.kube/config']],
    [{HOME: '/home/joe', KUBECONFIG: ''}, ['/home/joe/.kube/config']],
    [{HOME: '/home/joe', KUBECONFIG: '/a:/b:'}, ['/a', '/b']],
  ])('reads %j', (env, paths) => {
    expect(kubeconfigPaths(env)).toEqual(paths)
  })
})

describe('a kubeconfig', () => {
  test('is merged from files, the first one winning', async () => {
    const config = await loadKubeconfig([ONE, join(folder, 'absent'), TWO])
    expect(config.files).toEqual([ONE, TWO])
    expect(selectTarget(config, {})).toMatchObject({
      contextName: 'prod',
      namespace: 'shop',
      cluster: {server: 'https://prod:6443'},
    })
    expect(selectTarget(config, {context: 'dev'})).toMatchObject({
      namespace: 'default',
      cluster: {server: 'http://dev:8080'},
    })
  })

  test('names files relative to itself', async () => {
    const target = selectTarget(await loadKubeconfig([ONE]), {})
    expect(await resolveSecurity(target)).toEqual({
      ca: 'PEM',
      headers: {authorization: 'Bearer secret'},
    })
  })

  test('may have a password and act as somebody else', async () => {
    const target = selectTarget(await loadKubeconfig([TWO]), {})
    const authorization = `Basic ${Buffer.from('joe:pw').toString('base64')}`
    expect(await resolveSecurity(target)).toEqual({
      rejectUnauthorized: false,
      headers: {authorization, 'impersonate-user': 'jane'},
    })
    const asked = await resolveSecurity(target, {user: 'kim', uid: '7', groups: ['ops', 'dev']})
    expect(asked.headers).toEqual({
      authorization,
      'impersonate-user': 'kim',
      'impersonate-uid': '7',
      'impersonate-group': ['ops', 'dev'],
    })
  })

  test.each([
    ['an unknown context', {context: 'nosuch'}, 'has no context "nosuch"'],
    ['an unknown cluster', {cluster: 'nosuch'}, 'has no cluster "nosuch"'],
  ])('says that %s is not there', async (_, choice, message) => {
    const config = await loadKubeconfig([ONE])
    expect(() => selectTarget(config, choice)).toThrow(message)
  })

  test('says that there is no current context', async () => {
    const config = await loadKubeconfig([write('empty', 'apiVersion: v1\nkind: Config\n')])
    expect(() => selectTarget(config, {})).toThrow('has no current context')
  })

  test.each([
    ['broken YAML', 'a: [', 'is not valid YAML'],
    ['a list', '- a\n- b\n', 'is not a mapping'],
  ])('refuses %s', async (name, text, message) => {
    const path = write(name, text)
    await expect(loadKubeconfig([path])).rejects.toThrow(message)
  })

  test('runs the credential plugin of its user', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: {token: 'from-plugin'},
    }
    const script = write('plugin.js', `console.log(${JSON.stringify(JSON.stringify(credential))})`)
    const path = write(
      'exec.json',
      JSON.stringify({
        'current-context': 'c',
        contexts: [{name: 'c', context: {cluster: 'c', user: 'u'}}],
        clusters: [{name: 'c', cluster: {server: 'https://c'}}],
        users: [
          {
            name: 'u',
            user: {
              exec: {
                apiVersion: credential.apiVersion,
                command: process.execPath,
                args: [script],
                interactiveMode: 'Never',
              },
            },
          },
        ],
      }),
    )
    const target = selectTarget(await loadKubeconfig([path]), {})
    expect((await resolveSecurity(target)).headers).toEqual({authorization: 'Bearer from-plugin'})
  })
})

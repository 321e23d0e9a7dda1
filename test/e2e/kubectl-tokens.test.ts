/** Who a request counts as: tokens of ServiceAccounts and impersonation, with real kubectl. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {KubectlCluster, type KubectlRun} from '../support/kubectl.ts'
import {KUBECTL, needs} from '../support/requirements.ts'

describe('who a request counts as', needs(KUBECTL), () => {
  let kubectl: KubectlCluster
  beforeAll(async () => {
    kubectl = await KubectlCluster.start()
  }, 60_000)
  afterAll(() => kubectl.stop())

  const ok = async (...args: string[]): Promise<string> => {
    const {status, stdout, stderr} = await kubectl.run(args)
    expect({args, status, stderr}).toMatchObject({args, status: 0})
    return stdout
  }
  /** Without the token of the kubeconfig, which would win over `--token`. */
  const asToken = async (token: string, ...args: string[]): Promise<KubectlRun> => {
    const raw = await ok('config', 'view', '--raw', '-o', 'json')
    const config = JSON.parse(raw) as {users: {user: object}[]}
    for (const entry of config.users) entry.user = {token}
    return kubectl.shell(
      `f=$(mktemp); cat > $f <<'EOF'\n${JSON.stringify(config)}\nEOF\nkubectl --kubeconfig $f ${args.join(' ')}; s=$?; rm $f; exit $s`,
    )
  }
  const whoami = async (token: string): Promise<unknown> => {
    const {stdout} = await asToken(token, 'auth', 'whoami', '-o', 'json')
    const review = JSON.parse(stdout) as {status: {userInfo: object}}
    return review.status.userInfo
  }

  test('a created token says whose it is, until its account is gone', async () => {
    await ok('create', 'serviceaccount', 'robot')
    const token = (await ok('create', 'token', 'robot', '--duration', '20m')).trim()
    expect(await whoami(token)).toMatchObject({
      username: 'system:serviceaccount:default:robot',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    })
    await ok('delete', 'serviceaccount', 'robot')
    const {status, stderr} = await asToken(token, 'get', 'cm')
    expect({status, stderr}).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('You must be logged in to the server'),
    })
  })

  test('a token that is bound to a pod names it, and is refused when the pod is gone', async () => {
    await ok('run', 'bound', '--image', 'example.test/none')
    const args = ['--bound-object-kind', 'Pod', '--bound-object-name', 'bound']
    const token = (await ok('create', 'token', 'default', ...args)).trim()
    expect(await whoami(token)).toMatchObject({
      extra: {'authentication.kubernetes.io/pod-name': ['bound']},
    })
    await ok('delete', 'pod', 'bound', '--now')
    expect((await asToken(token, 'get', 'cm')).status).toBe(1)
  })

  test.each([
    [['--duration', '1m'], 'may not specify a duration less than 10 minutes'],
    [['--bound-object-kind', 'Pod', '--bound-object-name', 'nobody'], 'pods "nobody" not found'],
  ])('a token with %j is refused', async (flags, text) => {
    const {status, stderr} = await kubectl.run(['create', 'token', 'default', ...flags])
    expect({status, stderr}).toEqual({status: 1, stderr: expect.stringContaining(text)})
  })

  test('a token for somebody else opens nothing here', async () => {
    const token = (await ok('create', 'token', 'default', '--audience', 'vault')).trim()
    expect((await asToken(token, 'get', 'cm')).status).toBe(1)
  })

  test.each(['garbage', 'a.b.c'])('%s is refused', async (token) => {
    const {stderr} = await asToken(token, 'get', 'cm')
    expect(stderr).toContain('You must be logged in to the server')
  })

  test('--as counts, for whoami and for what Knative notes', async () => {
    const as = ['--as', 'bob', '--as-group', 'a', '--as-group', 'b', '--as-uid', '7']
    const {status} = JSON.parse(await ok('auth', 'whoami', '-o', 'json', ...as)) as {
      status: {userInfo: object}
    }
    expect(status.userInfo).toEqual({
      username: 'bob',
      uid: '7',
      groups: ['a', 'b', 'system:authenticated'],
    })
    const service = JSON.stringify({
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {name: 'bobs'},
      spec: {template: {spec: {containers: [{image: 'example.test/none'}]}}},
    })
    await kubectl.run(['create', '-f', '-', '--as', 'bob'], {input: service})
    const creator = String.raw`jsonpath={.metadata.annotations.serving\.knative\.dev/creator}`
    expect(await ok('get', 'ksvc', 'bobs', '-o', creator)).toBe('bob')
  })

  test('that nobody is refused anything is said where somebody asks', async () => {
    const args = ['auth', 'can-i', 'delete', 'nodes', '--as', 'bob']
    const {stdout, stderr} = await kubectl.run(args)
    expect(stdout).toBe('yes\n')
    expect(stderr).toContain('Warning: this cluster has no authorization')
    expect((await kubectl.run(['auth', 'can-i', 'delete', 'nodes'])).stderr).not.toContain(
      'no authorization',
    )
  })
})

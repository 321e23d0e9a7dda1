/** Flags from variables and the configuration file, and what programs rely on, in the built program. */
import {spawnSync} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type KntoolHome, kntoolHome} from '../support/kntool-process.ts'

const PROGRAM = resolve('bin/run.js')
const CONFIG = `
defaults: {namespace: of-the-file}
profiles:
  prod:
    defaults: {namespace: of-the-profile}
  json:
    defaults: {output: json}
`

describe('flags from elsewhere', () => {
  let home: KntoolHome
  beforeAll(async () => {
    home = kntoolHome()
    mkdirSync(join(home.path, '.config', 'kntool'), {recursive: true})
    writeFileSync(join(home.path, '.config', 'kntool', 'config.yaml'), CONFIG)
    await home.ok('local', 'up', '--detach', '--gateway-port', '0')
    const image = ['--image', 'ghcr.io/knative/helloworld-go']
    await home.ok('service', 'create', 'web', '-n', 'default', '--scale-min', '1', ...image)
  })
  afterAll(async () => {
    await home.run(['local', 'down'])
    home.remove()
  })

  const OWN = {KNTOOL_SECRET_CREATE_NAMESPACE: 'of-the-command'}
  const SHARED = {KNTOOL_NAMESPACE: 'of-the-variable'}
  const PROFILE = {KNTOOL_CONFIG_PROFILE: 'prod'}

  // Each source beside all those that count less; the namespace is where nothing is found.
  test.each<[string, Record<string, string>, string[]]>([
    ['of-the-flag', {...OWN, ...SHARED, ...PROFILE}, ['-n', 'of-the-flag']],
    ['of-the-command', {...OWN, ...SHARED, ...PROFILE}, []],
    ['of-the-variable', {...SHARED, ...PROFILE}, []],
    ['of-the-profile', PROFILE, []],
    ['of-the-file', {}, []],
  ])('the namespace %s wins', async (namespace, env, flags) => {
    const args = ['secret', 'create', 'x', '--from-literal', 'a=b', ...flags]
    const created = await home.run(args, {env})
    expect(created).toMatchObject({code: 3, stderr: expect.stringContaining(`"${namespace}"`)})
  })

  test('the default counts last', async () => {
    const args = ['service', 'describe', 'web', '-o', 'name']
    const run = await home.run(args, {env: {KNTOOL_CONFIG: '/dev/null'}})
    expect(run).toMatchObject({code: 0, stdout: 'service.serving.knative.dev/web\n'})
  })

  test.each<[string, Record<string, string>]>([
    ['a variable', {KNTOOL_OUTPUT: 'json'}],
    ['the variable of the command', {KNTOOL_SERVICE_DESCRIBE_OUTPUT: 'json'}],
    ['a profile', {KNTOOL_CONFIG_PROFILE: 'json'}],
  ])('errors are JSON when %s asks for it', async (_, env) => {
    const run = await home.run(['service', 'describe', 'nosuch'], {env})
    expect(run).toMatchObject({code: 3, stdout: ''})
    expect(JSON.parse(run.stderr)).toMatchObject({error: {code: 'KN_NOT_FOUND'}})
  })

  test('logs that are followed end quietly when nobody reads on', () => {
    const logs = `"${process.execPath}" "${PROGRAM}" logs web -n default -f`
    // That nobody reads shows at the next line: requests make some as long as it takes.
    const requests = `(while :; do ${curl()}; sleep 0.1; done) >/dev/null 2>&1 & loop=$!`
    const env = {PATH: process.env['PATH'], HOME: home.path, KNTOOL_HOME: home.path}
    const {status, stderr, stdout} = spawnSync(
      'sh',
      ['-c', `${requests}; ${logs} | head -n 1; kill $loop`],
      {encoding: 'utf8', env},
    )
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    expect(stdout).toMatch(/^\[web-00001-deployment-\S+] .+\n$/)
  })

  function curl(): string {
    return `"${process.execPath}" "${PROGRAM}" curl web -n default -s`
  }
})

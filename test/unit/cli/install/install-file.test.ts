import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {readYaml} from '../../../../src/util/yaml/read-yaml.ts'
import {renderFile, withFile, writeSettings} from '../../../../src/cli/install/install-file.ts'
import {installFlags, type InstallFlagValues} from '../../../../src/cli/flags/install-flags.ts'
import {readInstallRequest} from '../../../../src/cli/install/install-request.ts'
import {runCommand} from '../../../support/run-command.ts'

/** A value of each flag, other than its default. */
const EVERY: Required<InstallFlagValues> = {
  domain: ['knative.example.com', 'apps.example.com:app=web'],
  'knative-version': '1.14.0',
  'istio-version': '1.21.1',
  manifests: './manifests',
  'cache-dir': './cache',
  set: ['config-autoscaler/stable-window=30s'],
  'with-hpa': true,
  'load-balancer': 'nlb',
  'lb-name': 'mine',
  scheme: 'internal',
  'target-type': 'ip',
  subnets: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'],
  'source-ranges': ['10.0.0.0/8'],
  'cross-zone': false,
  'lb-attributes': ['deletion_protection.enabled=true'],
  'target-group-attributes': ['deregistration_delay.timeout_seconds=30'],
  'acm-certificate':
    'arn:aws:acm:eu-central-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
  dns: 'route53',
  'hosted-zone': 'example.com',
  region: 'eu-central-1',
  profile: 'prod',
  wait: false,
  timeout: 60,
  'force-conflicts': true,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kntool-settings-'))
})
afterEach(() => rmSync(folder, {recursive: true}))

function fileWith(text: string): string {
  const path = join(folder, 'kntool.yaml')
  writeFileSync(path, text)
  return path
}

const command = {command: 'kntool install', signal: new AbortController().signal}

describe('a file of settings', () => {
  test('has a place for every flag that says what is installed', () => {
    expect(Object.keys(installFlags).toSorted()).toEqual(Object.keys(EVERY).toSorted())
  })

  test('means what the flags mean it was written from', async () => {
    const filename = fileWith(await renderFile(EVERY, installFlags))
    const values = await withFile({filename}, installFlags)
    expect(readInstallRequest(values, command)).toEqual(readInstallRequest(EVERY, command))
  })

  test.each(Object.entries(EVERY))('keeps --%s', async (name, value) => {
    const filename = fileWith(await renderFile({[name]: value}, installFlags))
    const {filename: _, ...values} = (await withFile({filename}, installFlags)) as object & {
      filename?: string
    }
    expect(values).toEqual({[name]: value})
  })

  test('gives way to what is given on the command line', async () => {
    const filename = fileWith('scheme: internal\nlb-name: mine\n')
    const values = await withFile({filename, scheme: 'internet-facing'}, installFlags)
    expect(values).toMatchObject({scheme: 'internet-facing', 'lb-name': 'mine'})
  })

  test('takes attributes as a map too, and one value as a list', async () => {
    const filename = fileWith(
      'domain: knative.example.com\nlb-attributes:\n  deletion_protection.enabled: true\n',
    )
    expect(await withFile({filename}, installFlags)).toMatchObject({
      domain: ['knative.example.com'],
      'lb-attributes': ['deletion_protection.enabled=true'],
    })
  })

  test.each([
    ['schema: internal', 'schema: there is no such setting.', ['Did you mean scheme?']],
    ['scheme: public', 'scheme: has to be one of internet-facing, internal.', []],
    ['with-hpa: yes please', 'with-hpa: has to be true or false.', []],
    ['timeout: soon', 'timeout: has to be a number of seconds.', []],
    ['region: [a, b]', 'region: has to be a text.', []],
    ['domain: [{a: {b: c}}]', 'domain: has to be a list, or names with values.', []],
  ])('refuses "%s"', async (text, message, hints) => {
    const filename = fileWith(text)
    await expect(withFile({filename}, installFlags)).rejects.toMatchObject({
      code: 'KN_CONFIG_INVALID',
      exitCode: 2,
      message: `${filename}: ${message}`,
      hints,
    })
  })

  test('refuses a file that is no list of settings', async () => {
    const filename = fileWith('- domain\n')
    await expect(withFile({filename}, installFlags)).rejects.toMatchObject({
      code: 'KN_CONFIG_INVALID',
      message: `${filename} is not a list of settings.`,
    })
  })

  test('is not replaced unless that is agreed to', async () => {
    const path = fileWith('mine: true\n')
    await expect(writeSettings(path, 'x', {replace: false})).rejects.toMatchObject({
      code: 'KN_CONFLICT',
      exitCode: 7,
      message: `${path} exists already.`,
    })
    await writeSettings(path, 'x', {replace: true})
    expect(readFileSync(path, 'utf8')).toBe('x')
  })
})

test('install --write-config writes what was given, and installs nothing', async () => {
  const path = join(folder, 'mine.yaml')
  const {stdout, stderr, exitCode} = await runCommand([
    'install',
    '--domain=knative.example.com',
    '--scheme=internal',
    '--no-cross-zone',
    '--write-config',
    `--filename=${path}`,
  ])
  expect({stdout, stderr, exitCode}).toEqual({
    stdout: '',
    stderr: `Wrote ${path}. Install with it: kntool install -f ${path}\n`,
    exitCode: 0,
  })
  expect(readYaml(readFileSync(path, 'utf8'))).toEqual({
    domain: ['knative.example.com'],
    scheme: 'internal',
    'cross-zone': false,
  })
})

test('install --write-config refuses what install would refuse', async () => {
  const {stderr, exitCode} = await runCommand([
    'install',
    '--domain=*.knative.example.com',
    '--write-config',
    `--filename=${join(folder, 'mine.yaml')}`,
  ])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('drop the "*.": knative.example.com')
})

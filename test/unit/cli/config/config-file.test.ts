import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {findConfigFile, readConfigFile} from '../../../../src/cli/config/config-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kntool-config-'))
})
afterEach(() => rmSync(folder, {recursive: true}))

function write(name: string, text: string): string {
  const path = join(folder, name, 'config.yaml')
  mkdirSync(join(folder, name), {recursive: true})
  writeFileSync(path, text)
  return path
}

describe('findConfigFile', () => {
  test('finds that of kn, unless there is one of our own', () => {
    const env = {XDG_CONFIG_HOME: folder}
    expect(findConfigFile(env)).toBeUndefined()
    const kn = write('kn', '')
    expect(findConfigFile(env)).toBe(kn)
    const own = write('kntool', '')
    expect(findConfigFile(env)).toBe(own)
  })

  test('looks into .config of the home folder', () => {
    const own = write('.config/kntool', '')
    expect(findConfigFile({HOME: folder})).toBe(own)
  })
})

describe('readConfigFile', () => {
  test('reads defaults and profiles, also those of kn', async () => {
    const path = write(
      'kntool',
      `current-profile: prod
defaults: {namespace: shop}
profiles:
  prod:
    defaults: {context: prod}
    annotations: [{name: a, value: 1}]
  empty:
`,
    )
    expect(await readConfigFile(path)).toEqual({
      path,
      currentProfile: 'prod',
      defaults: {namespace: 'shop'},
      profiles: new Map([
        ['prod', {defaults: {context: 'prod'}, annotations: {a: '1'}, labels: {}}],
        ['empty', {defaults: {}, annotations: {}, labels: {}}],
      ]),
    })
  })

  test('takes an empty file for nothing', async () => {
    expect(await readConfigFile(write('kntool', ''))).toMatchObject({defaults: {}})
  })

  test.each([
    ['[]', 'The document must be a mapping'],
    ['defaults: x', 'defaults must be a mapping'],
    ['profiles: {a: {labels: {x: y}}}', 'profiles.a.labels must be a list of name and value'],
    ['current-profile: [a]', 'current-profile must be the name of a profile'],
    ['a: b: c', 'is not valid YAML'],
  ])('refuses %j', async (text, message) => {
    await expect(readConfigFile(write('kntool', text))).rejects.toThrow(message)
  })
})

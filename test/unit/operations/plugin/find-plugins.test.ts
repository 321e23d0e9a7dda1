import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {
  findPlugin,
  listPlugins,
  pluginFolders,
  searchPath,
} from '../../../../src/operations/plugin/find-plugins.ts'
import {candidateNames, commandWords} from '../../../../src/operations/plugin/plugin-name.ts'

describe('the name of a plugin', () => {
  test('is that of the longest command, ours before that of kn', () => {
    expect(candidateNames(['service', 'log-all', './file', 'x']).map(({name}) => name)).toEqual([
      'kntool-service-log_all',
      'kn-service-log_all',
      'kntool-service',
      'kn-service',
    ])
  })

  test.each([
    ['kn-admin', ['admin']],
    ['kntool-service-log', ['service', 'log']],
    ['kn-log_all.exe', ['log-all']],
    ['kn-', undefined],
    ['kn', undefined],
    ['kn.sh', undefined],
    ['kubectl-kn', undefined],
  ])('%s is for %j', (file, words) => {
    expect(commandWords(file)).toEqual(words)
  })
})

describe('plugins', () => {
  let root: string
  let first: string
  let second: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kntool-plugins-'))
    first = join(root, 'first')
    second = join(root, 'second')
    mkdirSync(first)
    mkdirSync(second)
  })
  afterEach(() => rmSync(root, {recursive: true}))

  function add(folder: string, name: string, mode = 0o755): string {
    const path = join(folder, name)
    writeFileSync(path, '#!/bin/sh\n')
    chmodSync(path, mode)
    return path
  }

  test('the one for the longest command is found, in the first folder that has it', () => {
    add(first, 'kn-service')
    const longer = add(second, 'kn-service-log')
    const ours = add(second, 'kntool-service')
    expect(findPlugin(['service', 'log', 'web'], [first, second])).toEqual({
      name: 'kn-service-log',
      words: ['service', 'log'],
      path: longer,
    })
    expect(findPlugin(['service', 'other'], [first, second])?.path).toBe(ours)
    expect(findPlugin(['route'], [first, second])).toBeUndefined()
  })

  test('are listed with what is wrong with them', () => {
    const admin = add(first, 'kn-admin')
    const shadowed = add(second, 'kn-admin')
    const plain = add(second, 'kn-plain', 0o644)
    const list = add(second, 'kn-service-list')
    mkdirSync(join(second, 'kn-folder'))
    const isBuiltIn = (words: readonly string[]): boolean => words.join(' ') === 'service list'
    expect(listPlugins([join(root, 'none'), first, second], isBuiltIn)).toEqual({
      plugins: [
        {name: 'kn-admin', path: admin, words: ['admin']},
        {name: 'kn-plain', path: plain, words: ['plain']},
        {name: 'kn-service-list', path: list, words: ['service', 'list']},
      ],
      warnings: [
        `${shadowed} is ignored because it is shadowed by an equally named plugin: ${admin}`,
        `${plain} is not executable by current user`,
      ],
      errors: [`${list} overwrites existing built-in command: 'service list'`],
    })
  })

  test.each([
    [
      {HOME: '/home/a'},
      undefined,
      ['/home/a/.config/kntool/plugins', '/home/a/.config/kn/plugins'],
    ],
    [{HOME: '/home/a', XDG_CONFIG_HOME: '/x'}, undefined, ['/x/kntool/plugins', '/x/kn/plugins']],
    [{HOME: '/home/a'}, '~/mine', ['/home/a/mine']],
    [{HOME: '/home/a'}, '/opt/plugins', ['/opt/plugins']],
  ])('have folders of their own: %j, %s', (env, configured, folders) => {
    expect(pluginFolders(env, configured)).toEqual(folders)
  })

  test('are looked for on the PATH as well, in every folder once', () => {
    const env = {PATH: ['/a', '', '/b', '/a'].join(delimiter)}
    expect(searchPath(['/b'], env)).toEqual(['/b', '/a'])
  })
})

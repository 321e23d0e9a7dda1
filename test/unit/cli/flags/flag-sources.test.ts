import {describe, expect, test} from 'vitest'
import type {ConfigFile} from '../../../../src/cli/config/config-file.ts'
import {
  fromConfigFile,
  fromEnvironment,
  variableOf,
} from '../../../../src/cli/flags/flag-sources.ts'
import type {FlagSpec} from '../../../../src/cli/parse-argv.ts'

const SPECS: Record<string, FlagSpec> = {
  namespace: {type: 'option', env: 'KNTOOL_NAMESPACE'},
  env: {type: 'option', multiple: true},
  wait: {type: 'boolean', allowNo: true},
  'wait-timeout': {type: 'option'},
  runtime: {type: 'option', options: ['process', 'container']},
}
const COMMAND = {words: 'service create', specs: SPECS}
const NONE: ReadonlySet<string> = new Set()

test('every flag of every command has a variable', () => {
  expect(variableOf('service create', 'wait-timeout')).toBe('KNTOOL_SERVICE_CREATE_WAIT_TIMEOUT')
  expect(variableOf('logs', 'follow')).toBe('KNTOOL_LOGS_FOLLOW')
})

describe('fromEnvironment', () => {
  test('takes the variable of the command before that of all commands', () => {
    const shared = {KNTOOL_NAMESPACE: 'shared'}
    expect(fromEnvironment(COMMAND, shared, NONE)).toEqual([{name: 'namespace', value: 'shared'}])
    const own = {...shared, KNTOOL_SERVICE_CREATE_NAMESPACE: 'own'}
    expect(fromEnvironment(COMMAND, own, NONE)).toEqual([{name: 'namespace', value: 'own'}])
  })

  test('takes nothing for flags that are given, and nothing from empty variables', () => {
    const env = {KNTOOL_NAMESPACE: 'shared', KNTOOL_SERVICE_CREATE_ENV: ''}
    expect(fromEnvironment(COMMAND, env, new Set(['namespace']))).toEqual([])
  })

  test('takes a line for each value of a flag that may be repeated', () => {
    const env = {KNTOOL_SERVICE_CREATE_ENV: 'A=1\nB=2,3'}
    expect(fromEnvironment(COMMAND, env, NONE)).toEqual([
      {name: 'env', value: 'A=1'},
      {name: 'env', value: 'B=2,3'},
    ])
  })

  test.each([
    ['KNTOOL_SERVICE_CREATE_WAIT', 'maybe', 'must be true or false'],
    ['KNTOOL_SERVICE_CREATE_RUNTIME', 'proces', 'must be one of process, container'],
  ])('refuses %s=%s with the name of the variable', (variable, text, why) => {
    expect(() => fromEnvironment(COMMAND, {[variable]: text}, NONE)).toThrow(
      `invalid value "${text}" of ${variable}: ${why}`,
    )
  })
})

describe('fromConfigFile', () => {
  function file(changes: Partial<ConfigFile>): ConfigFile {
    return {
      path: 'c.yaml',
      defaults: {},
      profiles: new Map(),
      currentProfile: undefined,
      ...changes,
    }
  }
  const profile = (defaults: Record<string, unknown>) => ({defaults, annotations: {}, labels: {}})
  const NAMESPACES = {namespace: 'file', 'service create': {namespace: 'file-command'}}
  const PROFILES = new Map([
    ['prod', profile({namespace: 'prod', 'service create': {namespace: 'prod-command'}})],
    ['test', profile({namespace: 'test'})],
  ])

  test.each<[string, Partial<ConfigFile>, string | undefined, string]>([
    ['all commands', {defaults: {namespace: 'file'}}, undefined, 'file'],
    ['one command before all', {defaults: NAMESPACES}, undefined, 'file-command'],
    ['a profile before the file', {defaults: NAMESPACES, profiles: PROFILES}, 'test', 'test'],
    ['a command in a profile first', {profiles: PROFILES}, 'prod', 'prod-command'],
    ['the current profile', {profiles: PROFILES, currentProfile: 'test'}, undefined, 'test'],
    [
      'the chosen one before it',
      {profiles: PROFILES, currentProfile: 'test'},
      'prod',
      'prod-command',
    ],
  ])('takes the presets of %s', (_, changes, chosen, value) => {
    const uses = fromConfigFile(COMMAND, file(changes), chosen, NONE)
    expect(uses).toEqual([{name: 'namespace', value}])
  })

  test('reads lists, numbers and switches', () => {
    const defaults = {env: ['A=1', 'B=2'], 'wait-timeout': 60, wait: false}
    expect(fromConfigFile(COMMAND, file({defaults}), undefined, NONE)).toEqual([
      {name: 'env', value: 'A=1'},
      {name: 'env', value: 'B=2'},
      {name: 'wait-timeout', value: '60'},
      {name: 'wait', value: false},
    ])
  })

  test('takes nothing for flags that are given, and leaves those of other commands alone', () => {
    const defaults = {namespace: 'file', domain: 'of another command', 'service list': {x: 1}}
    expect(fromConfigFile(COMMAND, file({defaults}), undefined, new Set(['namespace']))).toEqual([])
  })

  test.each<[Partial<ConfigFile>, string | undefined, string]>([
    [{profiles: PROFILES}, 'prd', 'there is no profile "prd" in c.yaml'],
    [
      {defaults: {'service create': {namespaec: 'x'}}},
      undefined,
      'defaults.service create has "namespaec", but kntool service create has no such flag',
    ],
    [
      {profiles: new Map([['a', profile({wait: 'perhaps'})]])},
      'a',
      'invalid value "perhaps" of profiles.a.defaults.wait in c.yaml: must be true or false',
    ],
    [{defaults: {namespace: {}}}, undefined, 'defaults.namespace must be a text, a number'],
  ])('refuses what is wrong, with its place: %#', (changes, chosen, message) => {
    expect(() => fromConfigFile(COMMAND, file(changes), chosen, NONE)).toThrow(message)
  })
})

import {describe, expect, test} from 'vitest'
import {type CommandTable, nextWords, resolveCommand} from '../../../src/cli/command-table.ts'

const flags = {
  namespace: {type: 'option', char: 'n'},
  verbose: {type: 'boolean', char: 'v'},
}
const TABLE: CommandTable = {
  commands: Object.fromEntries(
    ['service:create', 'service:list', 'revision:list', 'curl', 'local:up'].map((id) => [
      id,
      {id, flags},
    ]),
  ),
}

describe('resolveCommand', () => {
  test.each([
    [['service', 'list'], 'service:list', []],
    [['service', 'list', '-n', 'dev', 'web'], 'service:list', ['-n', 'dev', 'web']],
    [['-n', 'dev', 'service', 'list'], 'service:list', ['-n', 'dev']],
    [['service', '-n', 'dev', 'list'], 'service:list', ['-n', 'dev']],
    [['-v', 'service', 'list'], 'service:list', ['-v']],
    [['--namespace=dev', 'curl', 'web'], 'curl', ['--namespace=dev', 'web']],
    [['ksvc', 'ls'], 'service:list', []],
    [['revisions', 'list'], 'revision:list', []],
    [['curl', 'service', 'list'], 'curl', ['service', 'list']],
  ])('finds the command of %j', (argv, id, rest) => {
    expect(resolveCommand(argv, TABLE)).toEqual({kind: 'command', id, argv: rest})
  })

  test.each([
    [[], {kind: 'topic', path: []}],
    [['service'], {kind: 'topic', path: ['service']}],
    [['service', 'frob'], {kind: 'topic', path: ['service'], unknown: 'frob'}],
    [['frob', 'list'], {kind: 'topic', path: [], unknown: 'frob'}],
    [['constructor'], {kind: 'topic', path: [], unknown: 'constructor'}],
  ])('stops where %j stops to make sense', (argv, resolution) => {
    expect(resolveCommand(argv, TABLE)).toEqual(resolution)
  })
})

test('lists the words that may follow', () => {
  expect(nextWords([], TABLE)).toEqual(['curl', 'local', 'revision', 'service'])
  expect(nextWords(['service'], TABLE)).toEqual(['create', 'list'])
})

import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type FlagSpec, parseArgv, splitList} from '../../../src/cli/parse-argv.ts'
import {KntoolError} from '../../../src/errors/kntool-error.ts'

const SPECS: Record<string, FlagSpec> = {
  env: {type: 'option', char: 'e', multiple: true},
  arg: {type: 'option', multiple: true},
  namespace: {type: 'option', char: 'n'},
  'scale-target': {type: 'option', aliases: ['concurrency-target']},
  verbose: {type: 'boolean', char: 'v'},
  all: {type: 'boolean', char: 'A'},
  wait: {type: 'boolean', allowNo: true},
  runtime: {type: 'option', options: ['auto', 'process']},
}

const parse = (argv: string[]) => parseArgv(argv, SPECS, {command: 'kntool service create'})

function failure(run: () => unknown): KntoolError {
  try {
    run()
  } catch (error) {
    if (error instanceof KntoolError) return error
  }
  throw new Error('it did not fail')
}

describe('parseArgv', () => {
  test.each([
    [['--env', 'A=1'], [{name: 'env', value: 'A=1'}]],
    [['--env=A=1'], [{name: 'env', value: 'A=1'}]],
    [['-e', 'A=1'], [{name: 'env', value: 'A=1'}]],
    [['-eA=1'], [{name: 'env', value: 'A=1'}]],
    [['-e=A=1'], [{name: 'env', value: 'A=1'}]],
    [['--arg', '-v'], [{name: 'arg', value: '-v'}]],
    [['--arg', '--env'], [{name: 'arg', value: '--env'}]],
    [['--namespace', ''], [{name: 'namespace', value: ''}]],
    [['--namespace='], [{name: 'namespace', value: ''}]],
    [['--concurrency-target', '5'], [{name: 'scale-target', value: '5'}]],
    [
      ['-vA'],
      [
        {name: 'verbose', value: true},
        {name: 'all', value: true},
      ],
    ],
    [
      ['-vn', 'x'],
      [
        {name: 'verbose', value: true},
        {name: 'namespace', value: 'x'},
      ],
    ],
    [['--verbose=false'], [{name: 'verbose', value: false}]],
    [['--no-wait'], [{name: 'wait', value: false}]],
    [['--wait=true'], [{name: 'wait', value: true}]],
  ])('reads %j', (argv, occurrences) => {
    expect(parse(argv)).toEqual({occurrences, args: []})
  })

  test('keeps arguments and the order of flags', () => {
    expect(parse(['web', '--arg', '1', '-e', 'A=1', 'path', '--arg', '2'])).toEqual({
      occurrences: [
        {name: 'arg', value: '1'},
        {name: 'env', value: 'A=1'},
        {name: 'arg', value: '2'},
      ],
      args: ['web', 'path'],
    })
  })

  test('takes everything behind -- and a lone dash for arguments', () => {
    expect(parse(['-', '--', '--env', 'x'])).toEqual({occurrences: [], args: ['-', '--env', 'x']})
  })

  test.each([
    [['--frob'], "unknown flag: --frob for 'kntool service create'"],
    [['--no-verbose'], "unknown flag: --no-verbose for 'kntool service create'"],
    [['-x'], "unknown shorthand flag: 'x' in -x for 'kntool service create'"],
    [['-vx'], "unknown shorthand flag: 'x' in -vx for 'kntool service create'"],
    [['--env'], "flag needs an argument: --env for 'kntool service create'"],
    [['-n'], "flag needs an argument: 'n' in -n for 'kntool service create'"],
    [['--verbose=maybe'], 'invalid argument "maybe" for "--verbose" flag'],
    [['--wait', '--no-wait'], 'only one of --no-wait and --wait may be specified'],
    [['--wait=false'], 'use --no-wait instead of providing "false" to --wait'],
    [['--no-wait=false'], 'use --wait instead of providing "false" to --no-wait'],
    [
      ['--runtime', 'proces'],
      'invalid argument "proces" for "--runtime" flag: must be one of auto, process',
    ],
    [['--constructor', 'x'], "unknown flag: --constructor for 'kntool service create'"],
  ])('refuses %j', (argv, message) => {
    expect(failure(() => parse(argv))).toMatchObject({code: 'KN_USAGE', message})
  })

  test('suggests flags that are spelled alike', () => {
    expect(failure(() => parse(['--namespcae', 'x'])).hints[0]).toBe('Did you mean --namespace?')
  })

  test('gives every value back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => {
        const argv = values.flatMap((value) => ['--env', value])
        expect(parse(argv).occurrences.map(({value}) => value)).toEqual(values)
      }),
    )
  })
})

describe('splitList', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    ['a,,b', ['a', '', 'b']],
    [',', ['', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a ""b""",c', ['a "b"', 'c']],
    ['k="v"', ['k="v"']],
  ])('splits %j', (text, parts) => {
    expect(splitList(text)).toEqual(parts)
  })
})

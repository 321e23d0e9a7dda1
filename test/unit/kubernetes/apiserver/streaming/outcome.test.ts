import {describe, expect, test} from 'vitest'
import {encodeOutcome} from '../../../../../src/kubernetes/apiserver/streaming/outcome.ts'
import {
  choose,
  listOf,
  WEBSOCKET_COMMANDS,
} from '../../../../../src/kubernetes/apiserver/streaming/protocols.ts'

const NEW = {name: 'v4.channel.k8s.io', hasStatus: true, isBase64: false, isTranslated: false}
const OLD = {...NEW, name: 'channel.k8s.io', hasStatus: false}

describe('the outcome of a remote command', () => {
  test('is a success without a word more', () => {
    expect(encodeOutcome({exitCode: 0, command: ['ls']}, NEW)).toBe(
      '{"metadata":{},"status":"Success"}',
    )
  })

  test('carries the exit code where client-go looks for it', () => {
    expect(JSON.parse(encodeOutcome({exitCode: 3, command: ['sh', '-c', 'exit 3']}, NEW))).toEqual({
      metadata: {},
      status: 'Failure',
      message:
        'command terminated with non-zero exit code: error executing command [sh -c exit 3], exit code 3',
      reason: 'NonZeroExitCode',
      details: {causes: [{reason: 'ExitCode', message: '3'}]},
    })
  })

  test('of a command that could not be started is an internal error', () => {
    expect(JSON.parse(encodeOutcome({failure: 'no such file'}, NEW))).toEqual({
      metadata: {},
      status: 'Failure',
      message: 'Internal error occurred: no such file',
      reason: 'InternalError',
      details: {causes: [{message: 'no such file'}]},
      code: 500,
    })
  })

  test('is told to old clients by text, and a success by silence', () => {
    expect(encodeOutcome({exitCode: 0, command: ['ls']}, OLD)).toBe('')
    expect(encodeOutcome({failure: 'no such file'}, OLD)).toBe(
      'Internal error occurred: no such file',
    )
  })
})

describe('the protocol of a remote command', () => {
  test.each([
    [['v5.channel.k8s.io', 'v4.channel.k8s.io'], 'v5.channel.k8s.io'],
    [['v9.channel.k8s.io', 'v4.channel.k8s.io'], 'v4.channel.k8s.io'],
    [[], ''],
    [['chat'], undefined],
  ])('of %j is %s', (offered, name) => {
    expect(choose(offered, WEBSOCKET_COMMANDS)?.name).toBe(name)
  })

  test('is read from a list', () => {
    expect(listOf('a, b,,c')).toEqual(['a', 'b', 'c'])
    expect(listOf(undefined)).toEqual([])
  })
})

import {EventEmitter} from 'node:events'
import {expect, test} from 'vitest'
import {surviveExceptions} from '../../../../src/operations/local/survive-exceptions.ts'

test('an exception is told with its stack and its cause, and ends nothing', () => {
  const source = new EventEmitter()
  const lines: string[] = []
  const takeBack = surviveExceptions(source, (line) => lines.push(line))
  const error = new Error('outer', {cause: new Error('inner')})
  source.emit('uncaughtException', error, 'unhandledRejection')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^unhandledRejection: Error: outer\n +at [^]*cause[^]*inner/)
  takeBack()
  expect(source.listenerCount('uncaughtException')).toBe(0)
})

test('a log that cannot be written is no reason to end either', () => {
  const source = new EventEmitter()
  surviveExceptions(source, () => {
    throw new Error('no space left on device')
  })
  expect(() => source.emit('uncaughtException', 'a string', 'uncaughtException')).not.toThrow()
})

import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import {askOnTerminal, type AskStreams} from '../../../src/cli/ask.ts'

function terminal(isTTY = true): AskStreams & {keys: PassThrough; screen: PassThrough} {
  const keys = Object.assign(new PassThrough(), {isTTY, setRawMode: () => keys})
  const screen = Object.assign(new PassThrough().setEncoding('utf8'), {isTTY, columns: 80})
  return {
    keys,
    screen,
    input: keys as unknown as NodeJS.ReadStream,
    output: screen as unknown as NodeJS.WriteStream,
  }
}

const never = new AbortController().signal

test.each([
  ['y\r', true],
  ['YES\r', true],
  ['n\r', false],
  ['\r', false],
  ['maybe\r', false],
  // Ctrl-D: nobody will answer any more.
  ['\u0004', false],
])('%j is %s', async (keys, agreed) => {
  const streams = terminal()
  const answer = askOnTerminal('Really?\n', never, streams)
  streams.keys.write(keys)
  expect(await answer).toBe(agreed)
  expect(String(streams.screen.read())).toContain('Really?\n')
})

test('Ctrl-C is an interruption, not a bug', async () => {
  const streams = terminal()
  const answer = askOnTerminal('Really?\n', never, streams)
  streams.keys.write('\u0003')
  await expect(answer).rejects.toMatchObject({
    code: 'KN_INTERRUPTED',
    exitCode: 130,
    message: 'Interrupted at the question: nothing was changed.',
  })
})

test('a signal is one too', async () => {
  const abort = new AbortController()
  const answer = askOnTerminal('Really?\n', abort.signal, terminal())
  abort.abort()
  await expect(answer).rejects.toMatchObject({code: 'KN_INTERRUPTED'})
})

test('without a terminal nobody agrees, and nothing is asked', async () => {
  const streams = terminal(false)
  expect(await askOnTerminal('Really?\n', never, streams)).toBe(false)
  expect(streams.screen.read()).toBeNull()
})

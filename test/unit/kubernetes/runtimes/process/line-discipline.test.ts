import {describe, expect, test} from 'vitest'
import {
  LineDiscipline,
  toTerminal,
} from '../../../../../src/kubernetes/runtimes/process/line-discipline.ts'

function type(text: string) {
  const presses = new LineDiscipline().input(Buffer.from(text))
  return {
    program: Buffer.concat(presses.map(({line}) => line)).toString(),
    screen: presses.map(({echo}) => echo).join(''),
    signals: presses.flatMap(({signal}) => signal ?? []),
    isEnd: presses.some(({isEnd}) => isEnd),
  }
}

describe('the lines of a client that has the only terminal', () => {
  test.each([
    ['arrive when Return is pressed', 'ls\rx', 'ls\n', 'ls\r\nx'],
    ['lose what is rubbed out', 'lx\x7fs\r', 'ls\n', 'lx\b \bs\r\n'],
    ['lose whole characters, not bytes', 'é\x7fe\r', 'e\n', 'é\b \be\r\n'],
    ['have nothing to rub out at their begin', '\x7fls\r', 'ls\n', 'ls\r\n'],
    ['are erased by ^U', 'rm\x15ls\r', 'ls\n', 'rm\b \b\b \bls\r\n'],
    ['show keys that mean nothing', '\x1b[A\r', '\x1b[A\n', '^[[A\r\n'],
    ['end early with ^D', 'ls\x04', 'ls', 'ls'],
    ['carry characters of four bytes', '🙂\r', '🙂\n', '🙂\r\n'],
  ])('%s', (_, typed, program, screen) => {
    expect(type(typed)).toMatchObject({program, screen, signals: [], isEnd: false})
  })

  test('are dropped by ^C, which interrupts the program', () => {
    expect(type('sleep\x03ls\r')).toEqual({
      program: 'ls\n',
      screen: 'sleep^C\r\nls\r\n',
      signals: ['SIGINT'],
      isEnd: false,
    })
  })

  test('are over with ^D on an empty one', () => {
    expect(type('ls\r\x04')).toMatchObject({program: 'ls\n', isEnd: true})
  })
})

test('output begins at the left of every line, whatever bytes it has', () => {
  expect(toTerminal(Buffer.from('a\nb\r\nc'))).toEqual(Buffer.from('a\r\nb\r\nc'))
  expect(toTerminal(Buffer.from([0xc3, 0x0a, 0xff]))).toEqual(Buffer.from([0xc3, 0x0d, 0x0a, 0xff]))
})

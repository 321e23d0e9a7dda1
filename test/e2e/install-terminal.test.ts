/** The built program on a terminal: the tree of steps, and what Ctrl-C leaves. Needs `npm run build`. */
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type BareApi, startBareApi} from '../support/bare-api.ts'
import {writeRelease} from '../support/release-folder.ts'
import {needs, SCRIPT} from '../support/requirements.ts'

/** Gives a program a terminal; part of util-linux. */
const CTRL_C = '\u0003'
const COLUMNS = 50
const ESCAPE = new RegExp(String.raw`\u001B\[[0-9;?]*[A-Za-z]`, 'g')

describe('install on a terminal', needs(SCRIPT), () => {
  let home: string
  let api: BareApi
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'kntool-terminal-'))
    await writeRelease(join(home, 'release'), {version: '1.13.1', istio: '1.20.3'})
    api = await startBareApi(join(home, 'kubeconfig'))
  })
  afterAll(() => {
    api.stop()
    rmSync(home, {recursive: true})
  })

  /** Runs in a terminal, presses Ctrl-C once `until` is on the screen, answers all that was written. */
  function interrupt(until: string): Promise<string> {
    const install =
      `${process.execPath} ${resolve('bin/run.js')} install --manifests=${join(home, 'release')} ` +
      '--domain=knative.example.com --load-balancer=none'
    // The shell has the same terminal, and would end with the program.
    const command = `trap : INT; stty cols ${COLUMNS} rows 24; ${install}; echo ended with $?; stty -a`
    return new Promise((done) => {
      const child = spawn('script', ['-qfec', command, '/dev/null'], {
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: home,
          KUBECONFIG: join(home, 'kubeconfig'),
          TERM: 'xterm',
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      let text = ''
      let pressed = false
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (pressed || !text.includes(until)) return
        pressed = true
        child.stdin.write(CTRL_C)
      })
      child.on('close', () => done(text))
    })
  }

  test('draws a tree in the width it has, and gives the terminal back after Ctrl-C', async () => {
    const text = await interrupt('waiting for the Deployment')
    expect(text).toContain('ended with 130')
    expect(text).toContain('Run the same command again: it goes on where it stopped.')
    // The cursor is shown again, and keys are echoed and put together to lines.
    const [hidden, shown] = ['\u001B[?25l', '\u001B[?25h'].map((code) => text.lastIndexOf(code))
    expect(hidden).toBeGreaterThan(0)
    expect(shown).toBeGreaterThan(hidden ?? 0)
    expect(text).toMatch(/ icanon/)
    expect(text).toMatch(/ echo /)
    const drawn = text.slice(0, text.indexOf('Interrupted')).split(/\r?\n/)
    const widths = drawn.map((line) => plain(line).length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(COLUMNS)
    expect(drawn.map(plain)).toContainEqual(
      expect.stringMatching(/^✓ Kinds of Knative Serving {2}\d/),
    )
  })
})

/** A line without what moves the cursor and colours. */
function plain(line: string): string {
  return line.replaceAll(ESCAPE, '')
}

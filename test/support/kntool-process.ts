/** The built program, run as a user runs it: in a home of its own, with nothing of ours around it. */
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'

/** What a run of the program left. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** An empty home folder and the program in it. Call `remove` at the end. */
export interface KntoolHome {
  readonly path: string
  /** Runs the program to its end. */
  run(
    args: readonly string[],
    options?: {stdin?: string; env?: Record<string, string>},
  ): Promise<Run>
  /** Runs it and answers its standard output; throws with standard error when it fails. */
  ok(...args: string[]): Promise<string>
  remove(): void
}

const PROGRAM = resolve('bin/run.js')

/** Makes a home. */
export function kntoolHome(): KntoolHome {
  const path = mkdtempSync(join(tmpdir(), 'kntool-e2e-'))
  const run: KntoolHome['run'] = (args, {stdin, env = {}} = {}) =>
    new Promise((done) => {
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: path,
          KNTOOL_HOME: path,
          NO_COLOR: '1',
          ...env,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      child.stdin.end(stdin)
      child.on('close', (code) => done({code, stdout, stderr}))
    })
  return {
    path,
    run,
    async ok(...args) {
      const {code, stdout, stderr} = await run(args)
      if (code !== 0) throw new Error(`kntool ${args.join(' ')} ended with ${code}: ${stderr}`)
      return stdout
    },
    remove: () => rmSync(path, {recursive: true, force: true}),
  }
}

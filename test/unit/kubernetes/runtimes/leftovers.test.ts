import {type ChildProcess, spawn} from 'node:child_process'
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import type {Readable} from 'node:stream'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {processStartTime} from '../../../../src/util/process-identity.ts'
import {ProcessRecords} from '../../../../src/kubernetes/runtimes/process/process-records.ts'
import {needs, platform} from '../../../support/requirements.ts'

const SLEEPER = 'setInterval(() => {}, 1000)'

describe('processes that outlived the program that started them', () => {
  let directory: string
  const children: ChildProcess[] = []
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kntool-leftovers-'))
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(directory, {recursive: true, force: true})
  })

  function start(
    code = SLEEPER,
    env: Record<string, string> = {},
  ): {pid: number; exited: Promise<void>} {
    const child = spawn(process.execPath, ['-e', code], {detached: true, stdio: 'ignore', env})
    children.push(child)
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    return {pid: child.pid ?? 0, exited}
  }

  test('are ended at the next start, and their records removed', async () => {
    const {pid, exited} = start()
    new ProcessRecords(directory).add(pid, 'PORT=1')
    expect(await new ProcessRecords(directory).endLeftovers()).toBe(1)
    await exited
    expect(readdirSync(directory)).toEqual([])
  })

  test('are forgotten when they ended in good order', () => {
    const forget = new ProcessRecords(directory).add(process.pid, 'PORT=1')
    expect(readdirSync(directory)).toHaveLength(1)
    forget()
    expect(readdirSync(directory)).toEqual([])
  })

  test('are left alone when their number belongs to somebody else now', async () => {
    const {pid} = start()
    const file = join(directory, `${pid}.json`)
    writeFileSync(file, JSON.stringify({pid, startTime: 'long ago', mark: 'PORT=1'}))
    expect(await new ProcessRecords(directory).endLeftovers()).toBe(0)
    expect(processStartTime(pid)).toBeDefined()
    expect(readdirSync(directory)).toEqual([])
  })

  test.each(['', '{"pid":', '{"pid": "x"}', '[]', '{"pid": 1.5, "startTime": "", "mark": "A="}'])(
    'are not looked for by a record that was cut off: %j',
    async (text) => {
      writeFileSync(join(directory, '1.json'), text)
      expect(await new ProcessRecords(directory).endLeftovers()).toBe(0)
      expect(readdirSync(directory)).toEqual([])
    },
  )

  test(
    'are ended although only their children are left',
    needs(platform('Linux', process.platform === 'linux')),
    async () => {
      // The leader starts a child in its group, says its number and goes.
      const leader = spawn(
        process.execPath,
        [
          '-e',
          `const child = require('node:child_process').spawn(process.execPath,
            ['-e', ${JSON.stringify(SLEEPER)}], {stdio: 'ignore'})
           child.unref()
           console.log(child.pid)
           require('node:readline').createInterface({input: process.stdin}).on('line', () => process.exit())`,
        ],
        {detached: true, stdio: ['pipe', 'pipe', 'ignore'], env: {PORT: '4242'}},
      )
      children.push(leader)
      const exited = new Promise<void>((resolve) => leader.once('exit', () => resolve()))
      const orphan = Number(await firstLine(leader.stdout))
      new ProcessRecords(directory).add(leader.pid ?? 0, 'PORT=4242')
      leader.stdin.write('\n')
      await exited
      expect(processStartTime(orphan)).toBeDefined()
      expect(await new ProcessRecords(directory).endLeftovers()).toBe(1)
      while (processStartTime(orphan) !== undefined)
        await new Promise((resolve) => setImmediate(resolve))
      expect(readdirSync(directory)).toEqual([])
    },
  )
})

async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface({input: stream})) return line
  throw new Error('the stream ended without a line')
}

import {PassThrough, Readable} from 'node:stream'
import {afterEach, describe, expect, test} from 'vitest'
import type {CommandStreams} from '../../../src/api/remote-command.ts'
import type {ContainerRuntime, RunningContainer} from '../../../src/kubernetes/runtimes/runtime.ts'
import type {StartRequest} from '../../../src/kubernetes/runtimes/runtime.ts'
import {skippedFor} from '../../support/requirements.ts'

/** Runtimes whose containers people can get into, with a container that runs until it is ended. */
export interface AccessibleRuntime {
  readonly runtime: ContainerRuntime
  /** A container that writes `tick` again and again. */
  readonly request: StartRequest
  /** What the message of a program that is missing contains. */
  readonly missing: RegExp
}

/** What every runtime that lets people in does the same way. */
export function accessSuite(
  name: string,
  create: () => Promise<AccessibleRuntime>,
  skip?: string,
): void {
  describe(`access to the ${name} runtime`, skippedFor(skip), () => {
    const open: ContainerRuntime[] = []
    afterEach(async () => {
      await Promise.all(open.splice(0).map((runtime) => runtime.close()))
    })
    async function start(): Promise<AccessibleRuntime & {container: RunningContainer}> {
      const made = await create()
      open.push(made.runtime)
      return {...made, container: await made.runtime.start(made.request)}
    }

    test('keeps output and errors apart, and answers the exit code', async () => {
      const {container} = await start()
      const client = streams()
      const command = ['sh', '-c', 'echo out; echo err >&2; exit 3']
      expect(await container.access?.exec(command, client)).toBe(3)
      expect([client.text('stdout'), client.text('stderr')]).toEqual(['out\n', 'err\n'])
    })

    test('passes input on, and its end', async () => {
      const {container} = await start()
      const client = streams({stdin: 'a line\n'})
      expect(await container.access?.exec(['cat'], client)).toBe(0)
      expect(client.text('stdout')).toBe('a line\n')
    })

    test('says that there is no such program', async () => {
      const {container, missing} = await start()
      const client = streams()
      const outcome = await container.access
        ?.exec(['no-such-program'], client)
        .catch((error: Error) => error.message)
      // Some engines say so themselves, and end with the code of a shell.
      expect(`${outcome} ${client.text('stderr')}`).toMatch(missing)
    })

    test('ends a command whose client goes away', async () => {
      const {container} = await start()
      const client = streams()
      const running = container.access?.exec(['sh', '-c', 'echo begun; sleep 1000'], client)
      await expect.poll(() => client.text('stdout')).toBe('begun\n')
      client.leave()
      await running?.catch(() => undefined)
      const check = streams()
      await container.access?.exec(['sh', '-c', 'echo still here'], check)
      expect(check.text('stdout')).toBe('still here\n')
    })

    test('joins the output of the container until the client leaves', async () => {
      const {container} = await start()
      const client = streams()
      const attached = container.access?.attach(client)
      await expect.poll(() => client.text('stdout')).toContain('tick\n')
      client.leave()
      await attached
    })
  })
}

type Client = CommandStreams & {text(of: 'stdout' | 'stderr'): string; leave(): void}

function streams({stdin}: {stdin?: string} = {}): Client {
  const gone = new AbortController()
  const taken = {stdout: '', stderr: ''}
  const take = (name: 'stdout' | 'stderr'): PassThrough =>
    new PassThrough().on('data', (chunk: Buffer) => {
      taken[name] += chunk.toString('utf8')
    })
  return {
    tty: false,
    signal: gone.signal,
    onResize: () => undefined,
    stdout: take('stdout'),
    stderr: take('stderr'),
    ...(stdin !== undefined && {stdin: Readable.from([Buffer.from(stdin)])}),
    text: (of) => taken[of],
    leave: () => gone.abort(),
  }
}

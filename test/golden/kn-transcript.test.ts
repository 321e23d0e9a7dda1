/** A session of the genuine kn, typed to kntool in the same order: standard output and exit status. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {NAMESPACES} from '../../src/api/core/v1.ts'
import {normalizeOutput} from '../support/cli-normalize.ts'
import {parseTranscript, readGolden} from '../support/cli-transcript.ts'
import {type CommandCluster, startCommandCluster} from '../support/command-cluster.ts'
import {needs, RECORDINGS, skippedFor} from '../support/requirements.ts'

const RECORDED = RECORDINGS.isMet() ? parseTranscript(readGolden('j-kn/transcript.txt')) : []

/** What is not compared, by what the command line contains. */
const EXCEPTIONS: readonly (readonly [part: string, why: string])[] = [
  ['service list -A', 'the recorded cluster had more than this session'],
  ['kn version', 'another program'],
  ['--help', 'another program, with help of its own form'],
  ['completion bash', 'another program'],
  ['foo', 'no command, which only the program as a whole can say'],
]

/** What differs with the speed of a cluster: when replicas are counted, and how far a Service is. */
function withoutHaste(text: string): string {
  return normalizeOutput(text.replaceAll(/^ *Replicas: .*\n|^nowait .*\n/gm, ''))
}

/** Lists and descriptions print objects in full, with what only the server of the recording knows. */
const MACHINE_READABLE = /-o (json|yaml)/

const COMMANDS = RECORDED.filter(({command}) => !MACHINE_READABLE.test(command)).map(
  (recorded) => ({
    ...recorded,
    why: EXCEPTIONS.find(([part]) => recorded.command.includes(part))?.[1],
  }),
)

describe('a session of kn', needs(RECORDINGS), () => {
  let world: CommandCluster
  beforeAll(async () => {
    world = await startCommandCluster({
      domain: 'knative.example.com',
      handlers: {
        'ghcr.io/knative/helloworld-go*': () => new Response('Hello!'),
        'ghcr.io/knative/crash*': {
          main: async (context) => {
            context.log('panic: boom')
            return 1
          },
        },
      },
    })
    const metadata = {name: 'j-kn'}
    await world.cluster.client.create(NAMESPACES, {apiVersion: 'v1', kind: 'Namespace', metadata})
  })
  afterAll(() => world.stop())

  // A program that crashes again and again never lets the cluster come to rest.
  const settled = (): Promise<void> => world.cluster.settled(500).catch(() => undefined)

  for (const {command, stdout, exitCode, why} of COMMANDS) {
    test(`${command}`, skippedFor(why), async () => {
      const words = command.split(' ').slice(1)
      const inNamespace = words[0] === '-n'
      const run = await world.run(inNamespace ? [...words.slice(2), ...words.slice(0, 2)] : words)
      if (!/--no-wait|broken/.test(command)) await settled()
      expect({ok: run.exitCode === 0, stdout: withoutHaste(run.stdout)}).toEqual({
        ok: exitCode === 0,
        stdout: withoutHaste(stdout),
      })
    })
  }
})

import {describe, expect, test} from 'vitest'
import {OWNER_LABEL} from '../../../src/kubernetes/runtimes/container/container-config.ts'
import {EngineRuntime} from '../../../src/kubernetes/runtimes/container/container-runtime.ts'
import {
  engineCandidates,
  findEngine,
} from '../../../src/kubernetes/runtimes/container/engine-address.ts'
import {connectEngine, type Engine} from '../../../src/kubernetes/runtimes/container/engine.ts'
import {accessSuite} from './access-suite.ts'
import {containerRuntimeSuite, eventuallyText, startRequest} from './suite.ts'
import {skippedFor} from '../../support/requirements.ts'

/**
 * An image with a shell and `httpd` (busybox has both) that the engine holds already: nothing is
 * downloaded. Set it to run this suite, or let `.ci/with-container-engine` do so.
 */
const IMAGE = process.env['KNTOOL_TEST_IMAGE'] ?? ''
/** An engine for tests alone, so that no other test finds one; else the machine's own. */
const TEST_ENGINE = process.env['KNTOOL_TEST_ENGINE']
const ENGINE_ENV = TEST_ENGINE === undefined ? process.env : {CONTAINER_HOST: TEST_ENGINE}
const address = findEngine(engineCandidates(ENGINE_ENV))
const skip =
  address === undefined || IMAGE === ''
    ? 'needs a Docker or Podman socket, and in KNTOOL_TEST_IMAGE an image with a shell'
    : undefined

const SERVE = `
  mkdir -p /tmp/www
  printf 'Hello %s!\\n' "$TARGET" > /tmp/www/index.html
  echo listening
  httpd -f -p "$PORT" -h /tmp/www &
  wait`
const SCRIPTS: Readonly<Record<string, string>> = {
  greeter: `trap 'exit 0' TERM; ${SERVE}`,
  stubborn: `trap '' TERM; ${SERVE}`,
  crasher: 'echo boom >&2; exit 3',
  sleeper: `trap 'exit 0' TERM; while true; do sleep 1; done`,
}

function commandOf(role: string): readonly string[] {
  return role === 'unstartable' ? ['/no-such-program'] : ['/bin/sh', '-c', SCRIPTS[role] ?? '']
}

containerRuntimeSuite(
  'container',
  () =>
    Promise.resolve({
      runtime: new EngineRuntime({env: ENGINE_ENV}),
      images: {greeter: IMAGE, crasher: IMAGE, stubborn: IMAGE, unstartable: IMAGE},
      commandOf,
      knowsEveryImage: true,
      hasOutput: true,
    }),
  skip,
)

accessSuite(
  'container',
  () =>
    Promise.resolve({
      runtime: new EngineRuntime({env: ENGINE_ENV}),
      request: startRequest(
        IMAGE,
        {},
        {command: ['/bin/sh', '-c', 'while true; do echo tick; sleep 1; done']},
      ).request,
      missing: /no-such-program.*not found|not found.*no-such-program/,
    }),
  skip,
)

describe('an engine', skippedFor(skip), () => {
  function connect(): Promise<Engine> {
    if (address === undefined) throw new Error('there is no engine')
    return connectEngine(address)
  }

  test('is rid of the containers of programs that are gone, and of no others', async () => {
    const engine = await connect()
    const create = async (labels: Record<string, string>): Promise<string> => {
      const command = [...commandOf('sleeper')]
      const container = await engine.createContainer({Image: IMAGE, Cmd: command, Labels: labels})
      return container.id
    }
    const orphan = await create({[OWNER_LABEL]: '1:never'})
    const foreign = await create({})
    const runtime = new EngineRuntime({env: ENGINE_ENV})
    const own = await runtime.start(
      startRequest(IMAGE, {}, {command: commandOf('sleeper')}).request,
    )
    await new EngineRuntime({env: ENGINE_ENV}).removeLeftovers()
    const left = (await engine.listContainers({all: true})).map(({Id}) => Id)
    expect(left).not.toContain(orphan)
    expect(left).toContain(foreign)
    expect(left).toContain(own.id.replace(/^\w+:\/\//, ''))
    await engine.getContainer(foreign).remove({force: true})
    await runtime.close()
  })

  test('runs containers in the network of this machine, each on a port of its own', async () => {
    const runtime = new EngineRuntime({env: ENGINE_ENV, network: 'host'})
    const start = async (target: string): Promise<string> => {
      const {request} = startRequest(IMAGE, {TARGET: target}, {command: commandOf('greeter')})
      return eventuallyText(await runtime.start(request))
    }
    expect(await Promise.all([start('one'), start('two')])).toEqual([
      'Hello one!\n',
      'Hello two!\n',
    ])
    await runtime.close()
  })

  test('keeps nothing of a container that could not be started', async () => {
    const engine = await connect()
    const before = await engine.listContainers({all: true})
    const runtime = new EngineRuntime({env: ENGINE_ENV})
    const {request} = startRequest(IMAGE, {}, {command: commandOf('unstartable')})
    await expect(runtime.start(request)).rejects.toThrow('no-such-program')
    const after = await engine.listContainers({all: true})
    expect(after.map(({Id}) => Id)).toEqual(before.map(({Id}) => Id))
  })

  test('says when an image may not be fetched, and why one could not be', async () => {
    const runtime = new EngineRuntime({env: ENGINE_ENV})
    await expect(runtime.pull('localhost/no/such:v1', 'Never')).rejects.toMatchObject({
      reason: 'ErrImageNeverPull',
      message: 'Container image "localhost/no/such:v1" is not present with pull policy of Never',
    })
    await expect(runtime.pull('localhost:1/no/such:v1', 'IfNotPresent')).rejects.toMatchObject({
      reason: 'ErrImagePull',
    })
    expect(await runtime.pull(IMAGE, 'Always')).toMatchObject({pulled: false})
  })

  test('runs a command in a container', async () => {
    const runtime = new EngineRuntime({env: ENGINE_ENV})
    const {request} = startRequest(IMAGE, {TARGET: 'x'}, {command: commandOf('sleeper')})
    const container = await runtime.start(request)
    const command = ['/bin/sh', '-c', 'echo "$TARGET"; exit 4']
    expect(await container.exec?.(command, 10_000)).toEqual({exitCode: 4, output: 'x\n'})
    await runtime.close()
  })
})

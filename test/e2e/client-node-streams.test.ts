/** Streams into pods with the client library of this language, which speaks older WebSockets. */
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {PassThrough, Readable} from 'node:stream'
import {createServer, type AddressInfo} from 'node:net'
import {Attach, Exec, KubeConfig, PortForward, type V1Status} from '@kubernetes/client-node'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type Pod, PODS} from '../../src/api/core/v1.ts'
import type {EmbeddedCluster} from '../../src/local/cluster.ts'
import {startCluster} from '../../src/local/start-cluster.ts'

const PROGRAM = `
  setInterval(() => console.log('tick'), 50)
  require('node:http').createServer((_, response) => response.end('hello'))
    .listen(process.env.PORT, '127.0.0.1')
`

const KEY = {namespace: 'default', name: 'web'}
const WEB: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: KEY,
  spec: {
    containers: [{name: 'main', image: 'example.test/web', ports: [{containerPort: 8080}]}],
  },
}

describe('@kubernetes/client-node', () => {
  let cluster: EmbeddedCluster
  let directory = ''
  const config = new KubeConfig()

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kntool-streams-'))
    const imagesFile = join(directory, 'images.yaml')
    const images = [{match: 'example.test/web', command: ['node', '-e', PROGRAM]}]
    await writeFile(imagesFile, JSON.stringify({images}))
    cluster = await startCluster({imagesFile, runtime: 'process', listen: {}})
    config.loadFromString(cluster.kubeconfig ?? '')
    await cluster.client.create(PODS, WEB)
    await cluster.settled()
  })
  afterAll(async () => {
    await cluster.stop()
    await rm(directory, {recursive: true, force: true})
  })

  test('executes a command, with input, both outputs and its exit code', async () => {
    const [stdout, stderr] = [collector(), collector()]
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config)
        .exec(
          'default',
          'web',
          'main',
          ['sh', '-c', 'read line; echo "got $line"; echo err >&2; exit 7'],
          stdout.stream,
          stderr.stream,
          Readable.from(['a line\n']),
          false,
          resolve,
        )
        .catch(reject)
    })
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: {causes: [{reason: 'ExitCode', message: '7'}]},
    })
    await expect.poll(() => [stdout.text(), stderr.text()]).toEqual(['got a line\n', 'err\n'])
  })

  test('attaches to a container', async () => {
    const stdout = collector()
    const socket = await new Attach(config).attach(
      'default',
      'web',
      'main',
      stdout.stream,
      null,
      null,
      false,
    )
    await expect.poll(() => stdout.text()).toContain('tick\n')
    socket.close()
  })

  test('forwards a port', async () => {
    const forward = new PortForward(config)
    const server = createServer((socket) => {
      void forward.portForward('default', 'web', [8080], socket, null, socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/`, {headers: {connection: 'close'}})
    expect(await answer.text()).toBe('hello')
    server.close()
  })
})

function collector(): {readonly stream: PassThrough; text(): string} {
  let text = ''
  const stream = new PassThrough().on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
  })
  return {stream, text: () => text}
}

/** Real kubectl inside pods: exec, attach, run, cp and port-forward, over WebSockets and SPDY. */
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {KubectlCluster} from '../support/kubectl.ts'
import {groupMembers} from '../../src/util/process-identity.ts'
import {KUBECTL, needs, SCRIPT} from '../support/requirements.ts'

const PODS = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
    - name: web
      image: example.test/web
      ports: [{containerPort: 8080}]
      env: [{name: NAME, value: pod}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: site}
spec:
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec:
      containers:
        - name: web
          image: example.test/web
          ports: [{containerPort: 8080}]
          env: [{name: NAME, value: deployment}]
---
apiVersion: v1
kind: Pod
metadata: {name: function}
spec:
  containers: [{name: main, image: example.test/function, ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: missing}
spec:
  containers: [{name: main, image: example.test/nobody-runs-this}]
`

const SERVER = `
  const {createServer} = require('node:http')
  createServer((request, response) => response.end('I am the ' + process.env.NAME))
    .listen(process.env.PORT, '127.0.0.1')
`

/** Whether there is a program that gives kubectl a terminal of its own. */

/** What makes kubectl speak SPDY, as clients did before Kubernetes 1.31. */
const SPDY = {
  KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false',
  KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false',
}

describe('kubectl reaches into pods', needs(KUBECTL), () => {
  let kubectl: KubectlCluster
  let directory = ''

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kntool-exec-'))
    const imagesFile = join(directory, 'images.yaml')
    const web = {match: 'example.test/web', command: ['node', '-e', SERVER]}
    await writeFile(imagesFile, JSON.stringify({images: [{...web, workingDir: directory}]}))
    kubectl = await KubectlCluster.start({
      imagesFile,
      runtime: 'process',
      handlers: {'example.test/function': () => new Response('I am a function')},
    })
    await kubectl.run(['apply', '-f', '-'], {input: PODS})
    await kubectl.run([
      'wait',
      '--for=condition=Ready',
      'pod/web',
      'pod/function',
      '--timeout=120s',
    ])
    await kubectl.run(['rollout', 'status', 'deployment/site', '--timeout=120s'])
  })
  afterAll(async () => {
    await kubectl.stop()
    await rm(directory, {recursive: true, force: true})
  })

  describe.each([
    ['WebSockets', {}],
    ['SPDY', SPDY],
  ])('over %s', (_, env) => {
    test('exec passes output, errors and the exit code on', async () => {
      const command = ['exec', 'web', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3']
      expect(await kubectl.run(command, {env})).toEqual({
        status: 3,
        stdout: 'out\n',
        stderr: 'err\ncommand terminated with exit code 3\n',
      })
    })

    test('exec gives the command the directory and the environment of its container', async () => {
      const command = ['sh', '-c', 'pwd; echo $NAME']
      const {stdout} = await kubectl.run(['exec', 'deploy/site', '--', ...command], {env})
      expect(stdout).toBe(`${directory}\ndeployment\n`)
    })

    test('exec -i passes input on, and its end', async () => {
      const input = 'x'.repeat(3_000_000)
      const command = ['exec', '-i', 'web', '--', 'wc', '-c']
      const {stdout} = await kubectl.run(command, {env, input})
      expect(stdout.trim()).toBe('3000000')
    })

    test('exec takes a lot of output', async () => {
      const command = ['exec', 'web', '--', 'head', '-c', '20000000', '/dev/zero']
      const {stdout} = await kubectl.run(command, {env})
      expect(stdout).toHaveLength(20_000_000)
    })

    test('exec says that there is no such program', async () => {
      const {status, stderr} = await kubectl.run(['exec', 'web', '--', 'no-such-program'], {env})
      expect(status).toBe(1)
      expect(stderr).toMatch(
        /^error: Internal error occurred: error executing command in container: failed to exec in container: .*exec: "no-such-program": executable file not found in \$PATH/,
      )
    })

    test('a command ends when its client goes away', async () => {
      const script = 'echo process $$; sleep 1000'
      const running = kubectl.start(['exec', 'web', '--', 'sh', '-c', script], {env})
      const [, text] = await running.line(/process (\d+)/)
      await running.stop()
      const pid = Number(text)
      expect(pid).toBeGreaterThan(1)
      await expect.poll(() => groupMembers(pid)).toEqual([])
    })

    test('a container that does not run is not found', async () => {
      const {status, stderr} = await kubectl.run(['exec', 'missing', '--', 'ls'], {env})
      expect(status).toBe(1)
      expect(stderr).toMatch(
        /^error: (Internal error occurred: )?unable to upgrade connection: container not found \("main"\)\n$/,
      )
    })

    test('a container that is a function says so', async () => {
      const {status, stderr} = await kubectl.run(['exec', 'function', '--', 'ls'], {env})
      expect(status).toBe(1)
      expect(stderr).toContain('container main of pod function runs inside kntool')
    })

    test.each([
      ['pod/web', '8080', 'I am the pod'],
      ['deployment/site', '8080', 'I am the deployment'],
      ['service/web', '80', 'I am the pod'],
      ['pod/function', '8080', 'I am a function'],
    ])('port-forward %s reaches port %s', async (target, port, answer) => {
      const forward = kubectl.start(['port-forward', target, `:${port}`], {env})
      const line = await forward.line(/Forwarding from 127.0.0.1:(\d+)/)
      const local = Number(line[1])
      for (let count = 0; count < 3; count += 1) {
        const response = await fetch(`http://127.0.0.1:${local}/`)
        expect(await response.text()).toBe(answer)
      }
      await forward.stop()
    })

    test('port-forward says why a port cannot be reached', async () => {
      const forward = kubectl.start(['port-forward', 'pod/web', ':9999'], {env})
      const [, port] = await forward.line(/Forwarding from 127.0.0.1:(\d+)/)
      connect(Number(port), '127.0.0.1').on('error', () => undefined)
      const [why] = await forward.line(/error forwarding port 9999 to pod .*refused/)
      await forward.stop()
      expect(why).toContain('dial tcp4 127.0.0.1:9999: connect: connection refused')
    })
  })

  test.each([
    [
      ['web', '-c', 'db'],
      'Error from server (BadRequest): container db is not valid for pod web\n',
    ],
    [['nobody'], 'Error from server (NotFound): pods "nobody" not found\n'],
  ])('exec %j is refused in the words of the genuine server', async (args, message) => {
    const {status, stderr} = await kubectl.run(['exec', ...args, '--', 'ls'])
    expect({status, stderr}).toEqual({status: 1, stderr: message})
  })

  test('exec without a switch of protocols is refused', async () => {
    const path = '/api/v1/namespaces/default/pods/web/exec?command=ls&stdout=true'
    const {stderr} = await kubectl.run(['get', '--raw', path])
    expect(stderr).toBe('Error from server (BadRequest): Upgrade request required\n')
  })

  test('exec -it edits lines for a program without a terminal', needs(SCRIPT), async () => {
    const shell = kubectl.startOnTerminal('kubectl exec -it web -- sh')
    await shell.line(/This container is a process without a terminal/)
    shell.type('ech\u007fho one\r')
    await shell.line(/\r\none\r\n/)
    shell.type('exit 4\r')
    const [, code] = await shell.line(/command terminated with exit code (\d+)/)
    expect(code).toBe('4')
    await shell.stop()
  })

  test('cp copies in both directions', async () => {
    const [from, to, back] = ['from', 'to', 'back'].map((name) => join(directory, name))
    await writeFile(String(from), 'some text\n'.repeat(1000))
    expect((await kubectl.run(['cp', String(from), `web:${to}`])).stderr).toBe('')
    expect((await kubectl.run(['cp', `web:${to}`, String(back)])).status).toBe(0)
    expect(await readFile(String(back), 'utf8')).toBe(await readFile(String(from), 'utf8'))
  })

  test('run -i attaches to a program that reads, and --rm takes it away', async () => {
    const script = 'read line; echo "got $line"; sleep 1'
    const args = ['run', 'once', '-i', '--rm', '--restart=Never', '--image=example.test/web']
    const {stdout} = await kubectl.run([...args, '--command', '--', 'sh', '-c', script], {
      input: 'a line\n',
    })
    expect(stdout).toContain('got a line')
    expect(stdout).toContain('pod "once" deleted')
  })
})

/** Real kubectl as a new user tries it, command by command, on an embedded cluster. */
import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {KubectlCluster} from '../support/kubectl.ts'
import {KUBECTL, needs} from '../support/requirements.ts'

const WORKLOADS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: site, labels: {tier: front}}
spec:
  replicas: 2
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec: {containers: [{name: web, image: example.test/web:v1, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: crasher}
spec:
  containers: [{name: main, image: example.test/crasher}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers: [{name: web, image: example.test/web:v1, ports: [{containerPort: 8080}]}]
`

const SERVER = `
  console.log('listening')
  require('node:http').createServer((_, response) => response.end('hi'))
    .listen(process.env.PORT, '127.0.0.1')
`
const CRASHER = `console.log('begins'); setTimeout(() => process.exit(1), 50)`

describe('kubectl works for a new user', needs(KUBECTL), () => {
  let kubectl: KubectlCluster
  let directory = ''

  /** What a kubectl that succeeds prints. */
  async function ok(...args: string[]): Promise<string> {
    const {status, stdout, stderr} = await kubectl.run(args)
    expect({args, status, stderr: status === 0 ? '' : stderr}).toEqual({
      args,
      status: 0,
      stderr: '',
    })
    return stdout
  }
  async function fails(...args: string[]): Promise<string> {
    const {status, stderr} = await kubectl.run(args)
    expect({args, status}).toEqual({args, status: 1})
    return stderr
  }
  /** Waits until a command prints what is expected. */
  async function eventually(args: readonly string[], expected: RegExp): Promise<void> {
    await expect.poll(async () => (await kubectl.run(args)).stdout).toMatch(expected)
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kntool-kubectl-'))
    const images = [
      {match: 'example.test/web', command: ['node', '-e', SERVER]},
      {match: 'example.test/crasher', command: ['node', '-e', CRASHER]},
    ]
    const imagesFile = join(directory, 'images.yaml')
    await writeFile(imagesFile, JSON.stringify({images}))
    await writeFile(join(directory, 'workloads.yaml'), WORKLOADS)
    kubectl = await KubectlCluster.start({imagesFile, runtime: 'process'})
    await ok('apply', '-f', join(directory, 'workloads.yaml'))
    await ok('rollout', 'status', 'deployment/site', '--timeout=120s')
  })
  afterAll(async () => {
    await kubectl.stop()
    await rm(directory, {recursive: true, force: true})
  })

  describe('reading', () => {
    test.each([
      [
        ['get', 'pod', 'web', '-o', 'wide'],
        /^web +1\/1 +Running +0 +\S+ +10\.244\.\d+\.\d+ +kntool /m,
      ],
      [['get', 'pods', '-A'], /^knative-serving +activator-\S+ +1\/1 +Running /m],
      [['get', 'pod', 'web', '--show-labels'], /app=web$/m],
      [
        ['get', 'pods', '--sort-by=.metadata.name', '-o', 'name'],
        /^pod\/crasher\npod\/site-[^]*pod\/web\n$/,
      ],
      [
        ['get', 'pods', '-o', 'custom-columns=NAME:.metadata.name,ON:.spec.nodeName'],
        /^web +kntool$/m,
      ],
      [['get', 'pod', 'web', '-o', 'jsonpath={.status.phase}'], /^Running$/],
      [['get', 'all'], /^replicaset.apps\/site-\S+ +2 +2 +2 /m],
      [['get', 'deploy,pod', '-l', 'app=web', '-o', 'name'], /^pod\/web\n$/],
      [
        ['describe', 'pod', 'web'],
        /^Node: +kntool\/127.0.0.1$[^]*Normal +Started .*Started container web$/m,
      ],
      [
        ['describe', 'deployment', 'site'],
        /^Replicas: +2 desired \| 2 updated \| 2 total \| 2 available/m,
      ],
      [['describe', 'node', 'kntool'], /^ +Ready +True .*KubeletReady[^]*default +web /m],
      [['explain', 'deployment.spec.strategy'], /^FIELD: strategy <DeploymentStrategy>$/m],
      [['explain', 'pdb', '--recursive'], /^ +disruptionsAllowed\t<integer>$/m],
      [
        ['api-resources', '--api-group=policy'],
        /^poddisruptionbudgets +pdb +policy\/v1 +true +PodDisruptionBudget$/m,
      ],
      [['api-versions'], /^serving.knative.dev\/v1$/m],
      [['auth', 'can-i', 'create', 'pods'], /^yes$/m],
      [['auth', 'can-i', '--list'], /^\*\.\* +\[\] +\[\] +\[\*\]$/m],
      [['auth', 'whoami'], /^Username +kubernetes-admin$/m],
      [['cluster-info'], /Kubernetes control plane.*is running at.*https:\/\/127.0.0.1:/],
      [
        ['events', '--for', 'pod/web'],
        /Normal +Scheduled +Pod\/web +Successfully assigned default\/web to kntool/,
      ],
      [['completion', 'bash'], /__start_kubectl/],
      [['version'], /^Server Version: v1\./m],
    ] as const)('%j', async (args, expected) => {
      expect(await ok(...args)).toMatch(expected)
    })

    test('get -w shows what happens, with ages that go on', async () => {
      const watch = kubectl.start(['get', 'pod', '-w'])
      await watch.line(/^web /m)
      await ok('run', 'watched', '--image=example.test/web:v1')
      const [row] = await watch.line(/^watched +1\/1 .*$/m)
      expect(row).toMatch(/^watched +1\/1 +Running +0 +\d+s$/)
      await ok('delete', 'pod', 'watched', '--now')
      await watch.stop()
    })

    test.each([
      [['top', 'pod'], 'error: Metrics API not available\n'],
      [['get', 'pod', 'nope'], 'Error from server (NotFound): pods "nope" not found\n'],
      [['get', 'nope'], 'error: the server doesn\'t have a resource type "nope"\n'],
      [['logs', 'web', '-c', 'nope'], 'error: container nope is not valid for pod web\n'],
    ] as const)('%j says why not', async (args, message) => {
      expect(await fails(...args)).toBe(message)
    })

    test('debug says that nothing can join a running pod', async () => {
      expect(await fails('debug', 'web', '--image=busybox')).toContain(
        'error: ephemeral containers are disabled for this cluster',
      )
    })
  })

  describe('logs', () => {
    test('of one pod, of a deployment, of all that carry a label', async () => {
      expect(await ok('logs', 'web', '--since=1h', '--tail=1')).toBe('listening\n')
      expect(await ok('logs', 'deployment/site')).toBe('listening\n')
      expect(await ok('logs', '-l', 'app=site', '--prefix')).toMatch(
        /^(\[pod\/site-\S+\/web\] listening\n){2}$/,
      )
    })

    test('of the run before, and with times', async () => {
      await eventually(['get', 'pod', 'crasher'], /CrashLoopBackOff/)
      expect(await ok('logs', 'crasher', '--previous')).toBe('begins\n')
      expect(await ok('logs', 'crasher', '--timestamps')).toMatch(/^\d{4}-\d\d-\d\dT\S+Z begins\n$/)
    })

    test('that go on with -f', async () => {
      const follow = kubectl.start(['logs', '-f', 'web'])
      await follow.line(/listening/)
      const {stdout} = await kubectl.run(['get', 'pod', 'web', '-o', 'jsonpath={.status.phase}'])
      await follow.stop()
      expect(stdout).toBe('Running')
    })
  })

  describe('changing', () => {
    test('apply, diff and edit', async () => {
      const file = join(directory, 'workloads.yaml')
      expect(await ok('apply', '-f', file)).toMatch(/^(\S+ unchanged\n){3}$/)
      expect((await kubectl.run(['diff', '-f', file])).status).toBe(0)
      const editor = join(directory, 'editor.sh')
      await writeFile(editor, `#!/bin/sh\nsed -i 's/tier: front/tier: back/' "$1"\n`)
      await chmod(editor, 0o700)
      const edited = await kubectl.run(['edit', 'deployment', 'site'], {env: {KUBE_EDITOR: editor}})
      expect(edited.stdout).toBe('deployment.apps/site edited\n')
      expect((await kubectl.run(['diff', '-f', file])).stdout).toContain('-    tier: back')
    })

    test('patch in every way, label, annotate', async () => {
      await ok('patch', 'deployment', 'site', '-p', '{"spec":{"minReadySeconds":1}}')
      await ok(
        'patch',
        'deployment',
        'site',
        '--type=merge',
        '-p',
        '{"metadata":{"labels":{"m":"1"}}}',
      )
      const add = '[{"op":"add","path":"/metadata/labels/j","value":"2"}]'
      await ok('patch', 'deployment', 'site', '--type=json', '-p', add)
      await ok('label', 'deployment', 'site', 'l=3')
      await ok('annotate', 'deployment', 'site', 'note=4')
      expect(await ok('get', 'deployment', 'site', '-o', 'jsonpath={.metadata.labels}')).toMatch(
        /"j":"2","l":"3","m":"1"/,
      )
      expect(await fails('label', 'deployment', 'site', 'l=5')).toBe(
        "error: 'l' already has a value (3), and --overwrite is false\n",
      )
    })

    test('set, rollout, scale, autoscale, expose', async () => {
      await ok('set', 'image', 'deployment/site', 'web=example.test/web:v2')
      await ok('set', 'env', 'deployment/site', 'A=b')
      expect(await ok('set', 'env', 'deployment/site', '--list')).toContain('A=b')
      await ok('rollout', 'status', 'deployment/site', '--timeout=120s')
      await ok('rollout', 'undo', 'deployment/site')
      await ok('rollout', 'restart', 'deployment/site')
      await ok('rollout', 'status', 'deployment/site', '--timeout=120s')
      expect(await ok('rollout', 'history', 'deployment/site')).toMatch(/^5 +<none>$/m)
      await ok('scale', 'deployment/site', '--replicas=1')
      const one = '--for=jsonpath={.status.readyReplicas}=1'
      await ok('wait', 'deployment/site', one, '--timeout=120s')
      await ok('expose', 'deployment', 'site', '--port=80', '--target-port=8080')
      await eventually(['get', 'endpoints', 'site'], /10\.244\.\d+\.\d+:8080/)
    })

    test('create and delete', async () => {
      await ok('create', 'deployment', 'made', '--image=example.test/web:v1')
      await ok('create', 'configmap', 'settings', '--from-literal=a=b')
      await ok('create', 'secret', 'generic', 'keys', '--from-literal=a=b')
      await ok('create', 'namespace', 'other')
      await ok('create', 'serviceaccount', 'robot')
      await ok('create', 'service', 'clusterip', 'front', '--tcp=80:8080')
      expect(await ok('delete', 'deployment/made', 'configmap/settings')).toBe(
        'deployment.apps "made" deleted\nconfigmap "settings" deleted\n',
      )
      expect(await ok('delete', 'pod', '-l', 'app=nothing')).toBe('No resources found\n')
      await ok('delete', 'namespace', 'other', '--timeout=120s')
    })

    test('apply -k', async () => {
      const generator = 'configMapGenerator: [{name: gen, literals: [a=b]}]\nnamePrefix: k-\n'
      await writeFile(join(directory, 'kustomization.yaml'), generator)
      expect(await ok('apply', '-k', directory)).toMatch(/^configmap\/k-gen-\w+ created\n$/)
      expect(await ok('delete', '-k', directory)).toMatch(/^configmap "k-gen-\w+" deleted\n$/)
    })

    test('wait for a Knative Service', async () => {
      const manifest = {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Service',
        metadata: {name: 'hello'},
        spec: {template: {spec: {containers: [{image: 'example.test/web:v1'}]}}},
      }
      await kubectl.run(['apply', '-f', '-'], {input: JSON.stringify(manifest)})
      await ok('wait', 'ksvc/hello', '--for=condition=Ready', '--timeout=120s')
      expect(await ok('describe', 'ksvc', 'hello')).toMatch(/Created Configuration "hello"/)
    })
  })

  test('cordon, drain, uncordon', async () => {
    await ok('create', 'deployment', 'kept', '--image=example.test/web:v1', '--replicas=2')
    await ok('rollout', 'status', 'deployment/kept', '--timeout=120s')
    const drain = ['drain', 'kntool', '--pod-selector=app=kept', '--timeout=120s']
    expect(await ok(...drain)).toContain('node/kntool drained')
    expect(await ok('get', 'node')).toMatch(/Ready,SchedulingDisabled/)
    await ok('uncordon', 'kntool')
    await ok('rollout', 'status', 'deployment/kept', '--timeout=120s')
  })
})

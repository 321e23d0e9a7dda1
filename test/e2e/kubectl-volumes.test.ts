/** Real kubectl and what pods are given: volumes, other images, requests through the API server. */
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {KubectlCluster} from '../support/kubectl.ts'
import {KUBECTL, needs} from '../support/requirements.ts'

const OBJECTS = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {greeting: hello}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  terminationGracePeriodSeconds: 1
  volumes:
    - {name: config, configMap: {name: settings}}
    - {name: data, emptyDir: {}}
  containers:
    - name: web
      image: example.test/web:v1
      ports: [{containerPort: 8080}]
      env: [{name: GREETING_FILE, value: /etc/config/greeting}]
      volumeMounts:
        - {name: config, mountPath: /etc/config}
        - {name: data, mountPath: /data}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`

const SERVER = `
  const {createServer} = require('node:http')
  const {readFileSync} = require('node:fs')
  createServer((request, response) => {
    response.end(readFileSync(process.env.GREETING_FILE, 'utf8') + ' ' + request.url)
  }).listen(process.env.PORT, '127.0.0.1')
`

describe('kubectl and volumes', needs(KUBECTL), () => {
  let kubectl: KubectlCluster
  let directory = ''

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kntool-volumes-'))
    const imagesFile = join(directory, 'images.yaml')
    const web = {match: 'example.test/web*', command: ['node', '-e', SERVER]}
    await writeFile(imagesFile, JSON.stringify({images: [{...web, workingDir: directory}]}))
    kubectl = await KubectlCluster.start({imagesFile, runtime: 'process'})
    await kubectl.run(['apply', '-f', '-'], {input: OBJECTS})
    await kubectl.run(['wait', '--for=condition=Ready', 'pod/web', '--timeout=120s'])
  })
  afterAll(async () => {
    await kubectl.stop()
    await rm(directory, {recursive: true, force: true})
  })

  const raw = async (path: string): Promise<string> =>
    (await kubectl.run(['get', '--raw', `/api/v1/namespaces/default/${path}`])).stdout

  test('a program reads its volume, and kubectl reaches it through the API server', async () => {
    expect(await raw('pods/web/proxy/a?b=c')).toBe('hello /a?b=c')
    expect(await raw('services/web:80/proxy/')).toBe('hello /')
  })

  test('exec sees the volume at the path of its mount', async () => {
    const {stdout} = await kubectl.run(['exec', 'web', '--', 'cat', '/etc/config/greeting'])
    expect(stdout).toBe('hello')
  })

  test('cp brings files into a volume and out of it', async () => {
    const [local, back] = [join(directory, 'in.txt'), join(directory, 'out.txt')]
    await writeFile(local, 'copied\n')
    expect(await kubectl.run(['cp', local, 'web:/data/file.txt'])).toMatchObject({status: 0})
    expect(await kubectl.run(['cp', 'web:/data/file.txt', back])).toMatchObject({status: 0})
    expect(await readFile(back, 'utf8')).toBe('copied\n')
  })

  test('set image replaces the container, which keeps the volumes of its pod', async () => {
    await kubectl.run(['set', 'image', 'pod/web', 'web=example.test/web:v2'])
    await kubectl.run([
      'wait',
      '--for=jsonpath={.status.containerStatuses[0].restartCount}=1',
      'pod/web',
      '--timeout=120s',
    ])
    await kubectl.run(['wait', '--for=condition=Ready', 'pod/web', '--timeout=120s'])
    const {stdout} = await kubectl.run(['exec', 'web', '--', 'cat', '/data/file.txt'])
    expect(stdout).toBe('copied\n')
  })

  test('create says where an object has no effect', async () => {
    const {status, stderr} = await kubectl.run(['create', 'quota', 'few', '--hard=pods=1'])
    expect([status, stderr]).toEqual([
      0,
      'Warning: ResourceQuota has no effect on this cluster: nothing is counted against it\n',
    ])
  })
})

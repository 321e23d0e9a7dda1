/** The walkthrough of an installation on EKS, typed with real kubectl against `kntool local up`. */
import {execFile, spawnSync} from 'node:child_process'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'

import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {KUBECTL, needs} from '../support/requirements.ts'

const run = promisify(execFile)

const HELLOWORLD = (annotations = ''): string => `
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: helloworld-go
  namespace: default
spec:
  template:
    ${annotations}
    spec:
      containers:
        - image: ghcr.io/knative/helloworld-go:latest
          env:
            - name: TARGET
              value: "Go Sample v1"
`

describe('the walkthrough with kubectl', needs(KUBECTL), () => {
  let home = ''
  let kubeconfig = ''
  let gateway = ''

  const kntool = async (...args: string[]): Promise<string> => {
    const {stdout} = await run('node_modules/.bin/node', ['bin/run.js', ...args], {
      env: {PATH: process.env['PATH'] ?? '', HOME: home, KNTOOL_HOME: home, NO_COLOR: '1'},
    })
    return stdout
  }
  const kubectl = async (...args: string[]): Promise<string> => {
    const {stdout} = await run('kubectl', args, {
      env: {PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig},
    })
    return stdout
  }
  const kubectlApply = (yaml: string): void => {
    const result = spawnSync('kubectl', ['apply', '-f', '-'], {
      input: yaml,
      encoding: 'utf8',
      env: {PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig},
    })
    expect(result.stderr).not.toMatch(/error/i)
    expect(result.status).toBe(0)
  }
  const call = (host: string): Promise<{status: number; body: string}> =>
    import('undici').then(async ({request}) => {
      const answer = await request(gateway, {headers: {host}})
      return {status: answer.statusCode, body: await answer.body.text()}
    })
  const HOST = 'helloworld-go.default.knative.example.com'

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'kntool-walkthrough-'))
    await kntool('local', 'up', '--detach', '--gateway-port', '0')
    const status = JSON.parse(await kntool('local', 'status', '-o', 'json')) as {
      kubeconfig: string
      gatewayUrl: string
    }
    kubeconfig = status.kubeconfig
    gateway = status.gatewayUrl
  })

  afterAll(async () => {
    await kntool('local', 'down')
    await rm(home, {recursive: true, force: true})
  })

  test('the twelve kinds of Knative are there', async () => {
    const names = (await kubectl('get', 'crd', '-o', 'name')).split('\n')
    expect(
      names.filter((name) => name.includes('knative')).map((name) => name.split('/')[1]),
    ).toEqual([
      'certificates.networking.internal.knative.dev',
      'clusterdomainclaims.networking.internal.knative.dev',
      'configurations.serving.knative.dev',
      'domainmappings.serving.knative.dev',
      'images.caching.internal.knative.dev',
      'ingresses.networking.internal.knative.dev',
      'metrics.autoscaling.internal.knative.dev',
      'podautoscalers.autoscaling.internal.knative.dev',
      'revisions.serving.knative.dev',
      'routes.serving.knative.dev',
      'serverlessservices.networking.internal.knative.dev',
      'services.serving.knative.dev',
    ])
  })

  test('the six workloads of knative-serving run', async () => {
    const rows = (await kubectl('get', 'po', '-n', 'knative-serving', '--no-headers'))
      .trim()
      .split('\n')
    const seen = rows.map((row) => row.split(/\s+/).slice(0, 4))
    expect(seen.map(([name]) => name?.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, ''))).toEqual([
      'activator',
      'autoscaler',
      'controller',
      'net-istio-controller',
      'net-istio-webhook',
      'webhook',
    ])
    for (const [, ready, status, restarts] of seen) {
      expect([ready, status, restarts]).toEqual(['1/1', 'Running', '0'])
    }
  })

  test('the ingress gateway is a LoadBalancer with an address', async () => {
    const row = await kubectl(
      'get',
      'svc',
      '-n',
      'istio-system',
      'istio-ingressgateway',
      '--no-headers',
    )
    const [name, type, , external, ports] = row.trim().split(/\s+/)
    expect([name, type]).toEqual(['istio-ingressgateway', 'LoadBalancer'])
    expect(external).not.toBe('<pending>')
    expect(ports).toMatch(/^15021:\d+\/TCP,80:\d+\/TCP,443:\d+\/TCP$/)
  })

  test('a Service becomes Ready and follows the patched domain', async () => {
    kubectlApply(HELLOWORLD())
    await kubectl('wait', 'ksvc/helloworld-go', '--for=condition=Ready', '--timeout=120s')
    const patch = '{"data":{"knative.example.com":"","localhost":null}}'
    await kubectl(
      'patch',
      'configmap/config-domain',
      '-n',
      'knative-serving',
      '--type',
      'merge',
      '-p',
      patch,
    )
    await expect
      .poll(() => kubectl('get', 'ksvc', 'helloworld-go', '-o', 'jsonpath={.status.url}'))
      .toBe(`http://${HOST}`)
    await kubectl('wait', 'ksvc/helloworld-go', '--for=condition=Ready', '--timeout=120s')
    await expect.poll(() => call(HOST)).toEqual({status: 200, body: 'Hello Go Sample v1!\n'})
  })

  test('every object of the walkthrough can be listed', async () => {
    const table = await kubectl(
      'get',
      'ksvc,route,configuration,revision,deploy,svc,ep,kingress,podautoscaler,sks',
    )
    for (const row of [
      /service.serving.knative.dev\/helloworld-go +http:\/\/helloworld-go.default.knative.example.com +helloworld-go-00001 +helloworld-go-00001 +True/,
      /deployment.apps\/helloworld-go-00001-deployment +1\/1 +1 +1/,
      /service\/helloworld-go +ExternalName +<none> +knative-local-gateway.istio-system.svc.cluster.local +80\/TCP/,
      /service\/helloworld-go-00001-private +ClusterIP .*80\/TCP,443\/TCP,9090\/TCP,9091\/TCP,8022\/TCP,8012\/TCP/,
      /serverlessservice.networking.internal.knative.dev\/helloworld-go-00001 +Proxy/,
    ]) {
      expect(table).toMatch(row)
    }
  })

  test('the route, the gateway and the virtual service read as on a genuine cluster', async () => {
    const route = await kubectl('get', 'route', 'helloworld-go', '-o', 'yaml')
    expect(route).toContain(
      'configurationName: helloworld-go\n    latestRevision: true\n    percent: 100',
    )
    const gatewayYaml = await kubectl(
      'get',
      'gateway',
      '-n',
      'knative-serving',
      'knative-ingress-gateway',
      '-o',
      'yaml',
    )
    expect(gatewayYaml).toContain('istio: ingressgateway')
    const virtualService = await kubectl(
      'get',
      'virtualservices.networking.istio.io',
      'helloworld-go-ingress',
      '-o',
      'yaml',
    )
    expect(virtualService).toContain('host: helloworld-go-00001.default.svc.cluster.local')
    expect(virtualService).toContain('Knative-Serving-Revision: helloworld-go-00001')
  })

  test('the public endpoints are the activator while in proxy mode', async () => {
    const activator = await kubectl(
      'get',
      'po',
      '-n',
      'knative-serving',
      '-l',
      'app=activator',
      '-o',
      'jsonpath={.items[0].status.podIP}',
    )
    const row = await kubectl('get', 'ep', 'helloworld-go-00001', '--no-headers')
    expect(row.trim().split(/\s+/)[1]).toBe(`${activator}:8012,${activator}:8112`)
  })

  test('the activator logs the capacity of the revision as JSON lines', async () => {
    const lines = (await kubectl('logs', '-n', 'knative-serving', 'deploy/activator'))
      .trim()
      .split('\n')
    const entries = lines.map((line) => JSON.parse(line) as Record<string, string>)
    const capacity = entries.find((entry) =>
      entry['message']?.startsWith('Set capacity to 2147483647 (backends: 1'),
    )
    expect(capacity).toMatchObject({
      severity: 'INFO',
      logger: 'activator',
      'knative.dev/controller': 'activator',
      'knative.dev/key': 'default/helloworld-go-00001',
    })
  })

  test('enable-scale-to-zero is honoured live, and an idle revision goes to zero and wakes', async () => {
    const setScaleToZero = (value: string): Promise<string> =>
      kubectl(
        'patch',
        'configmap/config-autoscaler',
        '-n',
        'knative-serving',
        '--type',
        'merge',
        '-p',
        JSON.stringify({
          data: {'enable-scale-to-zero': value, 'scale-to-zero-grace-period': '6s'},
        }),
      )
    const pods = async (): Promise<string[]> => {
      const names = await kubectl(
        'get',
        'po',
        '-l',
        'serving.knative.dev/revision=helloworld-go-00002',
        '--field-selector=status.phase=Running',
        '-o',
        'name',
      )
      return names.split('\n').filter(Boolean)
    }
    await setScaleToZero('false')
    kubectlApply(HELLOWORLD('metadata: {annotations: {autoscaling.knative.dev/window: "6s"}}'))
    await kubectl('wait', 'ksvc/helloworld-go', '--for=condition=Ready', '--timeout=120s')
    // Longer than window and grace period: only the setting keeps the pod.
    await new Promise((resolve) => setTimeout(resolve, 14_000))
    expect(await pods()).toHaveLength(1)

    await setScaleToZero('true')
    await expect.poll(pods).toHaveLength(0)
    expect(await call(HOST)).toEqual({status: 200, body: 'Hello Go Sample v1!\n'})
    expect(await pods()).toHaveLength(1)
  })
})

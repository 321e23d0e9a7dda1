/** What real kubectl makes of the schemas of our kinds: explain, validation, diff, edit, apply. */
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {istioDefinitions} from '../../src/api/crd/istio-definitions.ts'
import {servingDefinitions} from '../../src/api/crd/serving-definitions.ts'
import {SERVICES} from '../../src/api/serving/v1.ts'
import {KubectlCluster, type KubectlRun} from '../support/kubectl.ts'
import {KUBECTL, needs} from '../support/requirements.ts'

const HELLO = `
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: hello
spec:
  template:
    spec:
      containers:
        - image: example.test/hello
          ports: [{containerPort: 8080}]
`

describe('kubectl knows our kinds', needs(KUBECTL), () => {
  let kubectl: KubectlCluster
  beforeAll(async () => {
    kubectl = await KubectlCluster.start({
      handlers: {'example.test/*': () => new Response('hello')},
    })
  })
  afterAll(() => kubectl.stop())

  test.each([
    ['ksvc.spec.template.spec.containers', 'imagePullPolicy\t<string>'],
    ['ksvc.spec.template.spec.containers.ports', 'containerPort\t<integer> -required-'],
    ['ksvc.spec.traffic.percent', 'FIELD: percent <integer>'],
    ['revision.status.actualReplicas', 'FIELD: actualReplicas <integer>'],
    ['podautoscaler.spec', 'scaleTargetRef\t<Object> -required-'],
    ['virtualservice.spec.http.route.destination', 'host\t<string> -required-'],
    ['gateway.spec.servers.tls.mode', 'ENUM:\n    PASSTHROUGH\n    SIMPLE\n'],
  ])('explain %s', async (path, line) => {
    const {stdout, stderr} = await kubectl.run(['explain', path])
    expect(stderr).toBe('')
    expect(stdout).toContain(line)
  })

  test('explain says which feature lets a field in', async () => {
    const {stdout} = await kubectl.run(['explain', 'ksvc.spec.template.spec.tolerations'])
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Needs kubernetes.podspec-tolerations in config-features.',
    )
  })

  test('explain --recursive walks through every kind', async () => {
    for (const {spec} of [...servingDefinitions(), ...istioDefinitions()]) {
      const {plural} = spec.names
      const version = `--api-version=${spec.group}/${spec.versions[0]?.name}`
      const {status, stdout} = await kubectl.run(['explain', plural, version, '--recursive'])
      expect({plural, status}).toEqual({plural, status: 0})
      expect(stdout).toContain('spec\t<Object>')
    }
  })

  describe('a Service that runs', () => {
    beforeEach(async () => {
      await kubectl.run(['apply', '-f', '-'], {input: HELLO})
    })

    test('has the transport that the schema fills in', async () => {
      const ports = 'jsonpath={.spec.template.spec.containers[0].ports}'
      const {stdout} = await kubectl.run(['get', 'ksvc', 'hello', '-o', ports])
      expect(JSON.parse(stdout)).toEqual([{containerPort: 8080, protocol: 'TCP'}])
    })

    test('is not changed by a field that nobody knows', async () => {
      const input = HELLO.replace('image:', 'immage:')
      const {status, stderr} = await kubectl.run(['apply', '-f', '-'], {input})
      expect(status).toBe(1)
      expect(stderr).toContain(
        'strict decoding error: unknown field "spec.template.spec.containers[0].immage"',
      )
    })

    test('with --validate=warn a field that nobody knows is warned of and left out', async () => {
      const input = HELLO.replace('image:', 'flavour: sweet\n          image:')
      const warn = ['--validate=warn', '--dry-run=server', '-o', 'yaml']
      const {status, stdout, stderr} = await kubectl.run(['apply', '-f', '-', ...warn], {input})
      expect(status).toBe(0)
      expect(stderr).toContain('unknown field "spec.template.spec.containers[0].flavour"')
      expect(specOf(stdout)).not.toContain('flavour')
    })

    test('shows what an apply would change, and changes nothing', async () => {
      const input = HELLO.replace('example.test/hello', 'example.test/other')
      const {status, stdout} = await kubectl.run(['diff', '-f', '-'], {input})
      expect(status).toBe(1)
      expect(stdout).toMatch(/^-\s+(- )?image: example.test\/hello$/m)
      expect(stdout).toMatch(/^\+\s+(- )?image: example.test\/other$/m)
      expect((await kubectl.run(['diff', '-f', '-'], {input: HELLO})).status).toBe(0)
    })

    test('is changed in an editor', async () => {
      const env = {KUBE_EDITOR: 'sed -i s#example.test/hello#example.test/edited#'}
      const {status, stdout} = await kubectl.run(['edit', 'ksvc', 'hello'], {env})
      expect({status, stdout}).toEqual({
        status: 0,
        stdout: 'service.serving.knative.dev/hello edited\n',
      })
      const {spec} = await kubectl.cluster.client.get(SERVICES, {
        namespace: 'default',
        name: 'hello',
      })
      expect(spec.template.spec.containers[0]?.image).toBe('example.test/edited')
    })
  })

  test('two appliers get into conflict over the containers, which merge as a whole', async () => {
    const apply = (manager: string, image: string, ...more: string[]): Promise<KubectlRun> => {
      const input = HELLO.replace('name: hello', 'name: shared').replace('test/hello', image)
      const by = `--field-manager=${manager}`
      return kubectl.run(['apply', '--server-side', by, ...more, '-f', '-'], {input})
    }
    expect((await apply('first', 'test/one')).status).toBe(0)
    const refused = await apply('second', 'test/two')
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('conflict with "first": .spec.template.spec.containers')
    expect((await apply('second', 'test/two', '--force-conflicts')).status).toBe(0)
  })
})

/** The spec in a printed object: what was applied last stands in an annotation before it. */
function specOf(yaml: string): string {
  return yaml.slice(yaml.indexOf('\nspec:'))
}

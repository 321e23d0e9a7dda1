import {describe, expect, test} from 'vitest'
import type {AdmissionPlugin, AdmissionRequest} from '../../../../src/api/admission.ts'
import {RefusalWithWarnings} from '../../../../src/api/admission.ts'
import {DEPLOYMENTS} from '../../../../src/api/apps/v1.ts'
import {ConfigStore} from '../../../../src/api/config/config-store.ts'
import {CONFIG_MAPS, PODS} from '../../../../src/api/core/v1.ts'
import type {KubeObject} from '../../../../src/api/meta/object.ts'
import {SERVICES} from '../../../../src/api/serving/v1.ts'
import {createKnativeAdmission} from '../../../../src/knative/webhook/admission.ts'

function service(spec: object = {}, annotations: Record<string, string> = {}): KubeObject {
  const containers = [{image: 'busybox'}]
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {name: 'web', namespace: 'shop', annotations},
    ...({spec: {template: {spec: {containers, ...spec}}}} as object),
  }
}

function request(object: KubeObject, more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    operation: 'CREATE',
    type: SERVICES,
    name: object.metadata.name,
    ...(object.metadata.namespace !== undefined && {namespace: object.metadata.namespace}),
    object,
    user: {username: 'ann', groups: []},
    dryRun: false,
    ...more,
  }
}

/** Runs the plugins as the API server does; answers the warnings. */
async function admit(
  plugins: readonly AdmissionPlugin[],
  write: AdmissionRequest,
): Promise<readonly string[]> {
  const chosen = plugins.filter((plugin) => plugin.handles(write))
  for (const plugin of chosen) await plugin.mutate?.(write)
  const warnings: string[] = []
  for (const plugin of chosen) {
    const response = await plugin.validate?.(write)
    warnings.push(...(response?.warnings ?? []))
  }
  return warnings
}

describe('the webhook', () => {
  const store = new ConfigStore()
  const plugins = createKnativeAdmission({configs: () => store.snapshot()})

  test('cares only for writes of what it knows', () => {
    const handled = (write: AdmissionRequest): boolean =>
      plugins.some((plugin) => plugin.handles(write))
    expect(handled(request(service()))).toBe(true)
    expect(handled(request(service(), {subresource: 'status', operation: 'UPDATE'}))).toBe(false)
    expect(handled(request(service(), {operation: 'DELETE'}))).toBe(false)
    expect(handled(request(service(), {type: PODS}))).toBe(false)
    expect(handled(request(service(), {type: {...SERVICES, group: ''}}))).toBe(false)
  })

  test('changes the draft it is given, and warns', async () => {
    const object = service()
    const warnings = await admit(plugins, request(object))
    expect(object).toHaveProperty('spec.traffic')
    expect(object.metadata.annotations).toMatchObject({'serving.knative.dev/creator': 'ann'})
    expect(warnings).toHaveLength(1)
  })

  test('refuses with the warnings that go with it', async () => {
    const refusal = await admit(plugins, request(service({timeoutSeconds: -1}))).catch(
      (error: unknown) => error,
    )
    expect(refusal).toBeInstanceOf(RefusalWithWarnings)
    expect((refusal as RefusalWithWarnings).warnings).toHaveLength(1)
    expect((refusal as RefusalWithWarnings).status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'admission webhook "validation.webhook.serving.knative.dev" denied the request: validation failed: expected 0 <= -1 <= 600: spec.template.spec.timeoutSeconds',
      reason: 'BadRequest',
      code: 400,
    })
  })

  test('refuses what it cannot read before it has changed anything else', async () => {
    await expect(admit(plugins, request(service({timeoutSeconds: 'x'})))).rejects.toThrow(
      'admission webhook "webhook.serving.knative.dev" denied the request: mutation failed: cannot decode incoming new object: json: cannot unmarshal string into Go struct field RevisionSpec.spec.ConfigurationSpec.template.spec.timeoutSeconds of type int64',
    )
  })

  test('goes by the ConfigMaps as they are at each write', async () => {
    const live = new ConfigStore()
    const judge = createKnativeAdmission({configs: () => live.snapshot()})
    const object = (): KubeObject => service({nodeSelector: {disk: 'ssd'}})
    await expect(admit(judge, request(object()))).rejects.toThrow('must not set the field(s)')
    live.update({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'config-features'},
      data: {'kubernetes.podspec-nodeselector': 'enabled'},
    })
    await expect(admit(judge, request(object()))).resolves.toBeDefined()
  })
})

describe('ConfigMaps', () => {
  const plugins = createKnativeAdmission({configs: () => new ConfigStore().snapshot()})
  const write = (name: string, namespace: string, data: object): AdmissionRequest =>
    request(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {name, namespace},
        ...({data} as object),
      },
      {type: CONFIG_MAPS},
    )

  test('of net-istio are refused in its own name', async () => {
    await expect(
      admit(plugins, write('config-istio', 'knative-serving', {'gateway.a': '_'})),
    ).rejects.toThrow(
      'admission webhook "config.webhook.istio.networking.internal.knative.dev" denied the request: validation failed: invalid gateway format',
    )
  })

  test('elsewhere are nobody’s business', async () => {
    const bad = {'min-non-active-revisions': '-1'}
    await expect(admit(plugins, write('config-gc', 'default', bad))).resolves.toEqual([])
    await expect(admit(plugins, write('config-gc', 'knative-serving', bad))).rejects.toThrow(
      'min-non-active-revisions must be non-negative',
    )
  })
})

describe('Deployments of revisions', () => {
  const plugins = createKnativeAdmission({configs: () => new ConfigStore().snapshot()})
  const deployment = (labels: Record<string, string>): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', labels},
    ...({spec: {template: {metadata: {labels: {app: 'web'}}}}} as object),
  })

  test('say to Istio which Service and Revision they are', async () => {
    const object = deployment({
      'serving.knative.dev/configuration': 'web',
      'serving.knative.dev/revision': 'web-00001',
    })
    await admit(plugins, request(object, {type: DEPLOYMENTS}))
    const canonical = {
      'service.istio.io/canonical-name': 'web',
      'service.istio.io/canonical-revision': 'web-00001',
    }
    expect(object.metadata.labels).toMatchObject(canonical)
    expect(object).toHaveProperty('spec.template.metadata.labels', {app: 'web', ...canonical})
  })

  test('of others stay as they are', async () => {
    const object = deployment({app: 'web'})
    await admit(plugins, request(object, {type: DEPLOYMENTS}))
    expect(object.metadata.labels).toEqual({app: 'web'})
  })
})

describe('the dry run of a pod', () => {
  const tried: string[] = []
  const store = new ConfigStore()
  const plugins = createKnativeAdmission({
    configs: () => store.snapshot(),
    async dryRunPodSpec(template, namespace) {
      tried.push(namespace)
      await Promise.resolve()
      return template.spec.containerConcurrency === 7 ? 'pods "x" is forbidden' : undefined
    },
  })
  const wish = {'features.knative.dev/podspec-dryrun': 'enabled'}

  test('is made where the annotation asks for it', async () => {
    await admit(plugins, request(service()))
    expect(tried).toEqual([])
    await admit(plugins, request(service({}, wish)))
    expect(tried).toEqual(['shop'])
  })

  test('refuses with what the API server said', async () => {
    await expect(admit(plugins, request(service({containerConcurrency: 7}, wish)))).rejects.toThrow(
      'validation callback failed: dry run failed with pods "x" is forbidden: spec.template',
    )
  })

  test('is not repeated for a template that did not change', async () => {
    const old = service({}, wish)
    await admit(plugins, request(old))
    tried.length = 0
    const again = structuredClone(old)
    await admit(plugins, request(again, {operation: 'UPDATE', oldObject: old}))
    expect(tried).toEqual([])
  })
})

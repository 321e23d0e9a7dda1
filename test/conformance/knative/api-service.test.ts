/** Knative's API specification: Services. */
import {describe, expect, test} from 'vitest'
import {CONFIG_MAPS} from '../../../src/api/core/v1.ts'
import {isFalse} from '../../../src/api/condition-set.ts'
import {CONFIGURATIONS, REVISIONS, ROUTES, SERVICES} from '../../../src/api/serving/v1.ts'
import {isNotFound} from '../../../src/api/meta/status-error.ts'
import {
  ask,
  askOften,
  at,
  image,
  objectsOf,
  serve,
  service,
  shapeOf,
  startCluster,
  TEXTS,
  update,
  withImage,
} from './conformance-cluster.ts'

const CREATOR = 'serving.knative.dev/creator'
const UPDATER = 'serving.knative.dev/lastModifier'

describe('Services', () => {
  test('TestServiceCreateAndUpdate', async () => {
    const cluster = await startCluster()
    const created = await serve(cluster, 'svc', 'pizzaplanetv1')
    const {configuration, revision, route} = await objectsOf(cluster, 'svc')
    expect(created.status?.url).toBe('http://svc.default.example.com')
    expect(configuration.status?.latestReadyRevisionName).toBe('svc-00001')
    expect(revision.metadata.labels).toMatchObject({
      'serving.knative.dev/configuration': 'svc',
      'serving.knative.dev/configurationGeneration': '1',
      'serving.knative.dev/service': 'svc',
    })
    expect(configuration.metadata.labels).toMatchObject({'serving.knative.dev/service': 'svc'})
    expect(route.metadata.labels).toMatchObject({'serving.knative.dev/service': 'svc'})
    for (const {metadata} of [created, configuration, route]) {
      expect(metadata.annotations?.[CREATOR]).toBe('kubernetes-admin')
      expect(metadata.annotations?.[UPDATER]).toBe('kubernetes-admin')
    }
    const url = 'http://svc.default.example.com/'
    expect(await ask(cluster, url)).toBe(`200 ${TEXTS.pizzaplanetv1}`)

    const changed = await update(cluster, 'svc', withImage('pizzaplanetv2'))
    expect(changed.status?.latestReadyRevisionName).toBe('svc-00002')
    expect(await ask(cluster, url)).toBe(`200 ${TEXTS.pizzaplanetv2}`)
    const template = {metadata: {labels: {labelX: 'abc'}, annotations: {annotationA: '123'}}}
    await update(cluster, 'svc', {spec: {template}})
    const third = await objectsOf(cluster, 'svc')
    expect(third.revision.metadata).toMatchObject({name: 'svc-00003', ...template.metadata})
    expect(shapeOf(third.route.status?.traffic)).toEqual({
      '': {revision: 'svc-00003', percent: 100, latest: true},
    })
  })

  test('TestServiceBYOName', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1', {revisionName: 'svc-byoname'})
    expect((await objectsOf(cluster, 'svc')).revision.metadata.name).toBe('svc-byoname')
    const change = update(cluster, 'svc', withImage('pizzaplanetv2'))
    await expect(change).rejects.toThrow('Saw the following changes without a name change')
  })

  test('TestServiceWithTrafficSplit', async () => {
    const cluster = await startCluster()
    const url = (tag = ''): string => `http://${tag}svc.default.example.com/`
    await serve(cluster, 'svc', 'pizzaplanetv1')
    const current = {tag: 'current', revisionName: 'svc-00001', percent: 100}
    await update(cluster, 'svc', {spec: {traffic: [current, {tag: 'latest'}]}})
    for (const tag of ['', 'current-', 'latest-']) {
      expect(await ask(cluster, url(tag))).toBe(`200 ${TEXTS.pizzaplanetv1}`)
    }

    const second = await update(cluster, 'svc', withImage('pizzaplanetv2'))
    expect(shapeOf(second.status?.traffic)).toEqual({
      current: {revision: 'svc-00001', percent: 100, latest: false},
      latest: {revision: 'svc-00002', percent: 0, latest: true},
    })
    expect(await ask(cluster, url())).toBe(`200 ${TEXTS.pizzaplanetv1}`)
    expect(await ask(cluster, url('latest-'))).toBe(`200 ${TEXTS.pizzaplanetv2}`)

    const candidate = {tag: 'candidate', revisionName: 'svc-00002', percent: 50}
    const half = [{...current, percent: 50}, candidate, {tag: 'latest'}]
    await update(cluster, 'svc', {spec: {traffic: half}})
    const counts = await askOften(cluster, url(), 100)
    expect(Object.keys(counts).toSorted()).toEqual(
      [`200 ${TEXTS.pizzaplanetv2}`, `200 ${TEXTS.pizzaplanetv1}`].toSorted(),
    )
    // One in a hundred million tosses of a hundred coins leaves this range.
    expect(counts[`200 ${TEXTS.pizzaplanetv1}`]).toBeGreaterThan(20)
    expect(counts[`200 ${TEXTS.pizzaplanetv1}`]).toBeLessThan(80)

    const third = await update(cluster, 'svc', withImage('helloworld'))
    expect(shapeOf(third.status?.traffic)['latest']?.revision).toBe('svc-00003')
    expect(await ask(cluster, url('candidate-'))).toBe(`200 ${TEXTS.pizzaplanetv2}`)
    expect(await ask(cluster, url('latest-'))).toBe(`200 ${TEXTS.helloworld}`)
  })

  test('TestAnnotationPropagation', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await update(cluster, 'svc', {metadata: {annotations: {juicy: 'jamba'}}})
    const with_ = await objectsOf(cluster, 'svc')
    expect(with_.configuration.metadata.annotations).toHaveProperty('juicy', 'jamba')
    expect(with_.route.metadata.annotations).toHaveProperty('juicy', 'jamba')
    await update(cluster, 'svc', {metadata: {annotations: {juicy: null}}})
    const without = await objectsOf(cluster, 'svc')
    expect(without.configuration.metadata.annotations).not.toHaveProperty('juicy')
    expect(without.route.metadata.annotations).not.toHaveProperty('juicy')
    expect(without.revision.metadata.name).toBe('svc-00001')
  })

  test('TestServiceCreateWithMultipleContainers', async () => {
    const cluster = await startCluster()
    const containers = [
      {image: image('helloworld'), ports: [{containerPort: 8881}]},
      {image: image('pizzaplanetv1')},
    ]
    await serve(cluster, 'svc', 'helloworld', {spec: {containers}})
    expect(await ask(cluster, 'http://svc.default.example.com/')).toBe(`200 ${TEXTS.helloworld}`)
    const {revision} = await objectsOf(cluster, 'svc')
    expect(revision.status?.containerStatuses?.map(({name}) => name)).toEqual([
      'user-container-0',
      'user-container-1',
    ])
    const [pod] = await cluster.pods('svc')
    expect(pod?.spec.containers.map(({name}) => name)).toEqual([
      'user-container-0',
      'user-container-1',
      'queue-proxy',
    ])
  })

  test('TestServiceGenerateName', async () => {
    const cluster = await startCluster()
    const {metadata, ...rest} = service('', 'pizzaplanetv1')
    const {name: _none, ...unnamed} = metadata
    const created = await cluster.client.create(SERVICES, {
      ...rest,
      metadata: {...unnamed, name: '', generateName: 'svc-'},
    })
    expect(created.metadata.name).toMatch(/^svc-[a-z0-9]{5}$/)
    await cluster.ready(created.metadata.name)
    const url = `http://${created.metadata.name}.default.example.com/`
    expect(await ask(cluster, url)).toBe(`200 ${TEXTS.pizzaplanetv1}`)
  })

  test('TestServiceValidationWithInvalidPodSpec', async () => {
    const cluster = await startCluster()
    const strict = {'features.knative.dev/podspec-dryrun': 'strict'}
    const bad = service('svc', 'pizzaplanetv1', {
      annotations: strict,
      container: {env: [{name: 'A=B', value: '1'}]},
    })
    await expect(cluster.client.create(SERVICES, bad)).rejects.toThrow(
      /^admission webhook "validation\.webhook\.serving\.knative\.dev" denied the request: validation callback failed: dry run failed with Pod "dry-run-validation.*: spec\.template$/,
    )
    await serve(cluster, 'svc', 'pizzaplanetv1', {annotations: strict})
    const change = {spec: {template: {spec: {serviceAccountName: 'nobody'}}}}
    await expect(update(cluster, 'svc', change)).rejects.toThrow(
      'dry run failed with pods "dry-run-validation" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found: spec.template',
    )
    const {items} = await cluster.client.list(REVISIONS, {namespace: 'default'})
    expect(items).toHaveLength(1)
  })

  test('TestServiceAccountValidation', async () => {
    const cluster = await startCluster()
    const bad = service('svc', 'pizzaplanetv1', {spec: {serviceAccountName: 'foo@bar'}})
    await expect(cluster.client.create(SERVICES, bad)).rejects.toThrow('serviceAccountName')
  })

  test('TestServiceDelete', async () => {
    const cluster = await startCluster()
    await serve(cluster, 'svc', 'pizzaplanetv1')
    await cluster.client.delete(SERVICES, at('svc'))
    await cluster.advance(60_000)
    for (const type of [CONFIGURATIONS, ROUTES]) {
      await expect(cluster.client.get<never>(type as never, at('svc'))).rejects.toSatisfy(
        isNotFound,
      )
    }
    expect(await cluster.pods('svc')).toEqual([])
    const left = await cluster.client.list(CONFIG_MAPS, {namespace: 'default'})
    expect(left.items.map(({metadata}) => metadata.name)).toEqual(['kube-root-ca.crt'])
  })

  test('TestContainerExitingMsg', async () => {
    const cluster = await startCluster()
    await cluster.client.create(SERVICES, service('svc', 'failing'))
    await cluster.until(async () =>
      isFalse((await cluster.client.get(SERVICES, at('svc'))).status, 'Ready'),
    )
    const {configuration, revision} = await objectsOf(cluster, 'svc')
    const ready = configuration.status?.conditions?.find(({type}) => type === 'Ready')
    expect(ready).toMatchObject({
      reason: 'RevisionFailed',
      message: expect.stringContaining('Container failed with') as string,
    })
    const failed = revision.status?.conditions?.find(({type}) => type === 'Ready')
    expect(failed).toMatchObject({status: 'False', reason: 'ExitCode5'})
    expect(failed?.message).toMatch(/^Container failed with: .*MUST fail/)
  })
})

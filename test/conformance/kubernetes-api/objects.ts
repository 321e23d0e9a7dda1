import {expect, test} from 'vitest'
import {CONFIG_MAPS, configMap, DEPLOYMENTS, PODS, SERVICES, type Api} from './api-under-test.ts'

export function objectTests(api: () => Api): void {
  test('gets what was created, with what the server adds', async () => {
    const created = await api().post(CONFIG_MAPS, configMap('a', {k: 'v'}))
    expect(created.status).toBe(201)
    expect(created.value).toMatchObject({
      metadata: {
        namespace: 'default',
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        resourceVersion: expect.stringMatching(/^\d+$/),
        creationTimestamp: '2024-04-22T00:00:00Z',
      },
      data: {k: 'v'},
    })
    const got = await api().get(`${CONFIG_MAPS}/a`)
    expect(got.value).toEqual(created.value)
  })

  test('refuses a second object of the same name', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const again = await api().post(CONFIG_MAPS, configMap('a'))
    expect(again).toMatchObject({
      status: 409,
      value: {reason: 'AlreadyExists', message: 'configmaps "a" already exists'},
    })
  })

  test('makes a name from generateName, another one each time', async () => {
    const body = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {generateName: 'gen-'}}
    const names = await Promise.all(
      [1, 2, 3].map(async () => (await api().post(CONFIG_MAPS, body)).value.metadata.name),
    )
    expect(new Set(names).size).toBe(3)
    for (const name of names) expect(name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  test('refuses to create in a namespace that is missing', async () => {
    const answer = await api().post('/api/v1/namespaces/nowhere/configmaps', configMap('a'))
    expect(answer).toMatchObject({
      status: 404,
      value: {message: 'namespaces "nowhere" not found', details: {kind: 'namespaces'}},
    })
  })

  test('names every wrong field at once', async () => {
    const answer = await api().post(CONFIG_MAPS, configMap('Bad_Name', {'a b': '1'}))
    expect(answer.status).toBe(422)
    const {details} = answer.value as {details?: {causes?: {field: string}[]}}
    expect(details?.causes?.map(({field}) => field)).toEqual(['metadata.name', 'data[a b]'])
  })

  test('refuses values of the wrong type by their path', async () => {
    const body = {
      ...configMap('x'),
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      data: undefined,
      spec: {replicas: 'two'},
    }
    const answer = await api().post(DEPLOYMENTS, body)
    expect(answer).toMatchObject({
      status: 400,
      value: {
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      },
    })
  })

  test.each([
    ['Strict', 400, [], undefined],
    ['Warn', 201, ['unknown field "bogus"'], undefined],
    ['Ignore', 201, [], undefined],
  ])('treats unknown fields as fieldValidation=%s says', async (mode, status, warnings) => {
    const answer = await api().post(
      CONFIG_MAPS,
      {...configMap('a'), bogus: 1},
      {fieldValidation: mode},
    )
    expect(answer.status).toBe(status)
    expect(answer.warnings).toEqual(warnings)
    expect(answer.value).not.toHaveProperty('bogus')
  })

  test('stores nothing on a dry run', async () => {
    const dry = await api().post(CONFIG_MAPS, configMap('a'), {dryRun: 'All'})
    expect(dry.status).toBe(201)
    expect(dry.value.metadata.resourceVersion).toBeUndefined()
    expect((await api().get(`${CONFIG_MAPS}/a`)).status).toBe(404)
  })

  test('refuses to replace a version that is not the newest', async () => {
    const {value} = await api().post(CONFIG_MAPS, configMap('a'))
    await api().put(`${CONFIG_MAPS}/a`, {...value, data: {n: '1'}})
    const stale = await api().put(`${CONFIG_MAPS}/a`, {...value, data: {n: '2'}})
    expect(stale).toMatchObject({status: 409, value: {reason: 'Conflict'}})
    expect((await api().get(`${CONFIG_MAPS}/a`)).value).toMatchObject({data: {n: '1'}})
  })

  test('writes nothing when nothing changes', async () => {
    const {value} = await api().post(CONFIG_MAPS, configMap('a', {k: 'v'}))
    const revision = api().under.storage.currentRevision
    const same = await api().put(`${CONFIG_MAPS}/a`, value)
    expect(same.value.metadata.resourceVersion).toBe(value.metadata.resourceVersion)
    expect(api().under.storage.currentRevision).toBe(revision)
  })

  test('counts changes of the spec, not of metadata or status', async () => {
    const {value} = await api().post(DEPLOYMENTS, deployment('web'))
    expect(value.metadata.generation).toBe(1)
    const path = `${DEPLOYMENTS}/web`
    const labelled = await api().patch(path, 'merge-patch', {metadata: {labels: {a: 'b'}}})
    expect(labelled.value.metadata.generation).toBe(1)
    const status = {...labelled.value, status: {observedGeneration: 1, replicas: 1}}
    const reported = await api().put(`${path}/status`, status)
    expect(reported.value.metadata.generation).toBe(1)
    const scaled = await api().patch(path, 'merge-patch', {spec: {replicas: 3}})
    expect(scaled.value.metadata.generation).toBe(2)
  })

  test('keeps spec and status apart', async () => {
    const path = `${DEPLOYMENTS}/web`
    await api().post(DEPLOYMENTS, {...deployment('web'), status: {replicas: 7}})
    const both = {spec: {replicas: 5}, status: {replicas: 2}}
    expect((await api().patch(path, 'merge-patch', both)).value).toMatchObject({
      spec: {replicas: 5},
      status: {},
    })
    const status = await api().patch(`${path}/status`, 'merge-patch', {
      spec: {replicas: 9},
      status: {replicas: 4},
    })
    expect(status.value).toMatchObject({spec: {replicas: 5}, status: {replicas: 4}})
  })

  test('reads and writes the scale of a workload', async () => {
    const path = `${DEPLOYMENTS}/web`
    await api().post(DEPLOYMENTS, deployment('web'))
    const scale = await api().get(`${path}/scale`)
    expect(scale.value).toMatchObject({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      spec: {replicas: 1},
      status: {replicas: 0, selector: 'app=web'},
    })
    await api().put(`${path}/scale`, {...scale.value, spec: {replicas: 4}})
    expect((await api().get(path)).value).toMatchObject({spec: {replicas: 4}})
  })

  test('gives each Service an address of its own, and takes it back', async () => {
    const address = async (name: string): Promise<unknown> => {
      const answer = await api().post(SERVICES, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {name},
        spec: {ports: [{port: 80}]},
      })
      return (answer.value as {spec?: {clusterIP?: string}}).spec?.clusterIP
    }
    const first = await address('a')
    expect(first).toMatch(/^10\.96\.\d+\.\d+$/)
    expect(await address('b')).not.toBe(first)
    const taken = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'c'},
      spec: {clusterIP: first, ports: [{port: 80}]},
    }
    expect((await api().post(SERVICES, taken)).status).toBe(422)
    await api().delete(`${SERVICES}/a`)
    expect((await api().post(SERVICES, taken)).status).toBe(201)
  })

  test('gives new pods an account, a token and a place in the queue', async () => {
    const {value} = await api().post(PODS, pod('p'))
    expect(value).toMatchObject({
      spec: {
        serviceAccountName: 'default',
        priority: 0,
        volumes: [{name: expect.stringMatching(/^kube-api-access-/)}],
        tolerations: [{tolerationSeconds: 300}, {tolerationSeconds: 300}],
      },
      status: {phase: 'Pending', qosClass: 'BestEffort'},
    })
  })

  test('puts a pod on a node by its binding only', async () => {
    await api().post(PODS, pod('p'))
    const refused = await api().patch(`${PODS}/p`, 'merge-patch', {spec: {nodeName: 'n'}})
    expect(refused.status).toBe(422)
    const bound = await api().post(`${PODS}/p/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: {name: 'p'},
      target: {kind: 'Node', name: 'n'},
    })
    expect(bound.status).toBe(201)
    expect((await api().get(`${PODS}/p`)).value).toMatchObject({spec: {nodeName: 'n'}})
  })

  test('says who asks, and that they may', async () => {
    const review = await api().post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {})
    expect(review).toMatchObject({status: 201, value: {status: {userInfo: {username: 'tester'}}}})
    const access = await api().post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      spec: {resourceAttributes: {verb: 'create', resource: 'pods'}},
    })
    expect(access).toMatchObject({status: 201, value: {status: {allowed: true}}})
  })
}

export function deployment(name: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name},
    spec: {
      selector: {matchLabels: {app: name}},
      template: {
        metadata: {labels: {app: name}},
        spec: {containers: [{name: 'c', image: 'example.com/c'}]},
      },
    },
  }
}

export function pod(name: string, spec: object = {}, meta: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, ...meta},
    spec: {containers: [{name: 'c', image: 'example.com/c'}], ...spec},
  }
}

import {createServer, type Server} from 'node:https'
import type {AddressInfo} from 'node:net'
import {generate} from 'selfsigned'
import {afterEach, beforeAll, describe, expect, test} from 'vitest'
import {Api, CONFIG_MAPS, configMap} from '../../../../conformance/kubernetes-api/api-under-test.ts'
import {freshServer, TESTER} from '../../../../conformance/kubernetes-api/fresh-server.ts'

interface Review {
  readonly request: {
    readonly uid: string
    readonly operation: string
    readonly object: {readonly metadata: {readonly name: string}} | null
    readonly userInfo: {readonly username: string}
  }
}

type Answer = (review: Review) => object | undefined

const GROUP = '/apis/admissionregistration.k8s.io/v1'

/** A review with its answer, as webhooks send it back. */
function reviewed(review: Review, answer: object): object {
  const kind = {apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview'}
  return {...kind, response: {uid: review.request.uid, ...answer}}
}

describe('webhooks that name a URL', () => {
  const servers: Server[] = []
  let certificate: {readonly private: string; readonly cert: string}
  beforeAll(async () => {
    certificate = await generate([{name: 'commonName', value: '127.0.0.1'}], {
      keyType: 'ec',
      extensions: [{name: 'subjectAltName', altNames: [{type: 7, ip: '127.0.0.1'}]}],
    })
  })
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  /** Answers reviews; without an answer it breaks the connection. */
  async function hook(answer: Answer): Promise<string> {
    const server = createServer(
      {key: certificate.private, cert: certificate.cert},
      (request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          const review = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Review
          const own = answer(review)
          if (own === undefined) response.destroy()
          else response.end(JSON.stringify(reviewed(review, own)))
        })
      },
    )
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  }

  const client = (url: string): object => ({
    url,
    caBundle: Buffer.from(certificate.cert).toString('base64'),
  })

  async function open(): Promise<Api> {
    const {server, clock, storage} = await freshServer()
    const close = (): Promise<void> => Promise.resolve()
    return new Api({transport: server.transport(TESTER), clock, storage, close})
  }

  async function configure(
    api: Api,
    kind: 'Mutating' | 'Validating',
    url: string,
    more: object = {},
  ): Promise<void> {
    const {status} = await api.post(`${GROUP}/${kind.toLowerCase()}webhookconfigurations`, {
      metadata: {name: `the-${kind.toLowerCase()}`},
      webhooks: [
        {
          name: 'hook.example.com',
          clientConfig: client(url),
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          rules: [
            {
              operations: ['CREATE', 'UPDATE'],
              apiGroups: [''],
              apiVersions: ['v1'],
              resources: ['configmaps'],
            },
          ],
          ...more,
        },
      ],
    })
    expect(status).toBe(201)
  }

  test('change what is written', async () => {
    const api = await open()
    const patch = [{op: 'add', path: '/data', value: {added: 'yes'}}]
    const url = await hook(() => ({
      allowed: true,
      patchType: 'JSONPatch',
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    }))
    await configure(api, 'Mutating', url)
    const answer = await api.post(CONFIG_MAPS, configMap('a', {own: '1'}))
    expect(answer).toMatchObject({status: 201, value: {data: {added: 'yes'}}})
  })

  test('refuse with their reason, and warn', async () => {
    const api = await open()
    const seen: Review[] = []
    const url = await hook((review) => {
      seen.push(review)
      return review.request.object?.metadata.name === 'bad'
        ? {allowed: false, status: {message: 'bad is bad', code: 400, reason: 'BadRequest'}}
        : {allowed: true, warnings: ['mind the gap']}
    })
    await configure(api, 'Validating', url)
    expect((await api.post(CONFIG_MAPS, configMap('good'))).warnings).toEqual(['mind the gap'])
    expect(await api.post(CONFIG_MAPS, configMap('bad'))).toMatchObject({
      status: 400,
      value: {message: 'admission webhook "hook.example.com" denied the request: bad is bad'},
    })
    expect((await api.get(`${CONFIG_MAPS}/bad`)).status).toBe(404)
    expect(seen[0]?.request).toMatchObject({operation: 'CREATE', userInfo: {username: 'tester'}})
  })

  test.each([
    ['Fail', 500],
    ['Ignore', 201],
  ])('that do not answer decide by failurePolicy=%s', async (failurePolicy, status) => {
    const api = await open()
    await configure(api, 'Validating', await hook(() => undefined), {failurePolicy})
    expect((await api.post(CONFIG_MAPS, configMap('a'))).status).toBe(status)
  })

  test('are asked only about what they select', async () => {
    const api = await open()
    let calls = 0
    const url = await hook(() => {
      calls++
      return {allowed: true}
    })
    await configure(api, 'Validating', url, {objectSelector: {matchLabels: {watched: 'yes'}}})
    await api.post(CONFIG_MAPS, configMap('a'))
    await api.post('/api/v1/namespaces/default/secrets', {metadata: {name: 's'}})
    expect(calls).toBe(0)
    await api.post(CONFIG_MAPS, configMap('b', {}, {labels: {watched: 'yes'}}))
    expect(calls).toBe(1)
    await api.delete(`${GROUP}/validatingwebhookconfigurations/the-validating`)
    await api.post(CONFIG_MAPS, configMap('c', {}, {labels: {watched: 'yes'}}))
    expect(calls).toBe(1)
  })

  /** An answer that changes the data of a ConfigMap. */
  const setting = (data: Record<string, string>): object => ({
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(
      JSON.stringify(
        Object.entries(data).map(([key, value]) => ({op: 'add', path: `/data/${key}`, value})),
      ),
    ).toString('base64'),
  })

  test('warn while they change, and while they refuse', async () => {
    const api = await open()
    const url = await hook((review) =>
      review.request.object?.metadata.name === 'bad'
        ? {allowed: false, warnings: ['so bad'], status: {message: 'no'}}
        : {...setting({added: 'yes'}), warnings: ['changed']},
    )
    await configure(api, 'Mutating', url)
    const good = await api.post(CONFIG_MAPS, configMap('good', {own: '1'}))
    expect(good).toMatchObject({warnings: ['changed'], value: {data: {added: 'yes'}}})
    const bad = await api.post(CONFIG_MAPS, configMap('bad'))
    expect(bad).toMatchObject({status: 403, warnings: ['so bad']})
  })

  describe('with conditions', () => {
    const CONDITIONS = [
      {name: 'not-system', expression: '!("system:nodes" in request.userInfo.groups)'},
      {name: 'big', expression: 'object.data.size == "big"'},
      {name: 'new', expression: 'request.operation == "CREATE" && oldObject == null'},
    ]
    async function asked(data: Record<string, string>, more: object = {}) {
      const api = await open()
      let calls = 0
      const url = await hook(() => {
        calls++
        return {allowed: true}
      })
      await configure(api, 'Validating', url, {matchConditions: CONDITIONS, ...more})
      const {status, value} = await api.post(CONFIG_MAPS, configMap('a', data))
      return {calls, status, value}
    }

    test('are asked where all are true', async () => {
      expect(await asked({size: 'big'})).toMatchObject({calls: 1, status: 201})
    })

    test('are not asked where one is false', async () => {
      expect(await asked({size: 'small'})).toMatchObject({calls: 0, status: 201})
    })

    test('refuse what a condition cannot be worked out for', async () => {
      expect(await asked({})).toMatchObject({
        calls: 0,
        status: 403,
        value: {
          message:
            'configmaps "a" is forbidden: expression \'object.data.size == "big"\' ' +
            'resulted in error: no such key: data',
        },
      })
    })

    test('let that pass where failures are ignored', async () => {
      const answer = await asked({}, {failurePolicy: 'Ignore'})
      expect(answer).toMatchObject({calls: 0, status: 201})
    })
  })

  describe('that see an object again', () => {
    /** Two webhooks, of which the second changes what the first has seen. */
    async function seenByFirst(reinvocationPolicy: string, second: object): Promise<number> {
      const api = await open()
      let calls = 0
      const first = await hook(() => {
        calls++
        return {allowed: true}
      })
      await configure(api, 'Mutating', first, {reinvocationPolicy})
      const url = await hook(() => second)
      const {status} = await api.post(`${GROUP}/mutatingwebhookconfigurations`, {
        metadata: {name: 'z-second'},
        webhooks: [
          {
            name: 'second.example.com',
            clientConfig: client(url),
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            rules: [
              {operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps']},
            ],
          },
        ],
      })
      expect(status).toBe(201)
      expect((await api.post(CONFIG_MAPS, configMap('a', {own: '1'}))).status).toBe(201)
      return calls
    }

    test.each([
      ['IfNeeded', 'changes it', setting({more: 'yes'}), 2],
      ['IfNeeded', 'changes nothing', setting({own: '1'}), 1],
      ['IfNeeded', 'allows it', {allowed: true}, 1],
      ['Never', 'changes it', setting({more: 'yes'}), 1],
    ])('with %s, where a later one %s', async (policy, _what, second, calls) => {
      expect(await seenByFirst(policy, second)).toBe(calls)
    })
  })

  test('complete a container that a webhook adds with the token of its account', async () => {
    const api = await open()
    const container = {name: 'sidecar', image: 'example.com/sidecar'}
    const patch = [{op: 'add', path: '/spec/containers/-', value: container}]
    const url = await hook(() => ({
      allowed: true,
      patchType: 'JSONPatch',
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    }))
    const rules = [{operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods']}]
    await configure(api, 'Mutating', url, {rules})
    await api.post('/api/v1/namespaces/default/serviceaccounts', {metadata: {name: 'default'}})
    const {status, value} = await api.post('/api/v1/namespaces/default/pods', {
      metadata: {name: 'a'},
      spec: {containers: [{name: 'main', image: 'example.com/main'}]},
    })
    expect(status).toBe(201)
    const {spec} = value as unknown as {
      spec: {containers: {name: string; volumeMounts: {name: string}[]}[]; volumes: object[]}
    }
    const [main, sidecar] = spec.containers
    expect(sidecar).toMatchObject({name: 'sidecar', volumeMounts: main?.volumeMounts})
    expect(spec.volumes).toHaveLength(1)
  })
})

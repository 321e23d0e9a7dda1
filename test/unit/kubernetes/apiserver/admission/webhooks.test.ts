import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, describe, expect, test} from 'vitest'
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
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  /** Answers reviews; without an answer it breaks the connection. */
  async function hook(answer: Answer): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const review = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Review
        const own = answer(review)
        if (own === undefined) response.destroy()
        else response.end(JSON.stringify(reviewed(review, own)))
      })
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  }

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
          clientConfig: {url},
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
})

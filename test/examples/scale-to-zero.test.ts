/** The library as a user's own tests would use it. The README shows this file. */
import {afterEach, beforeEach, expect, test} from 'vitest'
import {createCluster, type TestCluster} from '../../src/index.ts'

let cluster: TestCluster

beforeEach(async () => {
  cluster = await createCluster({
    handlers: {
      'example.test/greeter': (_request, {env}) => new Response(`Hello ${env['TARGET']}!`),
    },
  })
  await cluster.apply(`
    apiVersion: serving.knative.dev/v1
    kind: Service
    metadata: {name: greeter, namespace: default}
    spec:
      template:
        spec:
          containers:
            - image: example.test/greeter
              env: [{name: TARGET, value: World}]
  `)
  await cluster.ready('greeter')
})

afterEach(() => cluster.stop())

test('an idle service scales to zero and the next request wakes it', async () => {
  expect(await cluster.pods('greeter')).toHaveLength(1)

  await cluster.advance(5 * 60_000)
  expect(await cluster.pods('greeter')).toHaveLength(0)

  const response = await cluster.fetch('http://greeter.default.localhost/')
  expect(await response.text()).toBe('Hello World!')
  expect(await cluster.pods('greeter')).toHaveLength(1)
})

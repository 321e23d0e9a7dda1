import {expect, test} from 'vitest'
import {parseServerTiming} from '../../../../src/operations/call-service.ts'
import {appliedForm} from '../../../../src/operations/service/apply-service.ts'
import {makeService} from '../../../../src/operations/service/create-service.ts'

test('keeps a description as kn does, so that both can apply in turn', () => {
  const service = makeService(
    {
      namespace: 'shop',
      name: 'web',
      edits: {image: 'example/app', environment: [{kind: 'value', text: 'A=1'}]},
    },
    'apply',
    0,
  )
  expect(JSON.stringify(appliedForm(service))).toBe(
    '{"apiVersion":"serving.knative.dev/v1","kind":"Service",' +
      '"metadata":{"name":"web","namespace":"shop"},' +
      '"spec":{"template":{"metadata":{"annotations":{"client.knative.dev/user-image":"example/app"}},' +
      '"spec":{"containers":[{"env":[{"name":"A","value":"1"}],"image":"example/app","name":""}]}}}}',
  )
})

test.each([
  ['', []],
  [
    'a;dur=1.5, b;desc="x";dur=2',
    [
      {name: 'a', durationMs: 1.5},
      {name: 'b', durationMs: 2},
    ],
  ],
  ['cache', []],
])('reads the timing %j', (field, phases) => {
  expect(parseServerTiming(field)).toEqual(phases)
})

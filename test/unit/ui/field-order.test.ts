import {expect, test} from 'vitest'
import {inFieldOrder} from '../../../src/ui/field-order.ts'

const SERVICE = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: {labels: {b: '1', a: '2'}, name: 'web'},
  status: {url: 'http://web', conditions: [{status: 'True', type: 'Ready'}]},
  spec: {
    traffic: [{percent: 100, latestRevision: true}],
    template: {
      spec: {
        timeoutSeconds: 5,
        affinity: {unknownToAll: {z: 1, a: 1}, nodeAffinity: {}},
        containers: [{env: [{value: '1', name: 'A'}], image: 'i', name: 'c'}],
      },
    },
  },
}
const ORDERED =
  '{"kind":"Service","apiVersion":"serving.knative.dev/v1",' +
  '"metadata":{"name":"web","labels":{"a":"2","b":"1"}},' +
  '"spec":{"template":{"spec":{' +
  '"containers":[{"name":"c","image":"i","env":[{"name":"A","value":"1"}]}],' +
  '"affinity":{"nodeAffinity":{},"unknownToAll":{"a":1,"z":1}},"timeoutSeconds":5}},' +
  '"traffic":[{"latestRevision":true,"percent":100}]},' +
  '"status":{"conditions":[{"type":"Ready","status":"True"}],"url":"http://web"}}'

test('fields of an object come in the order of its structs, those of maps by name', () => {
  expect(JSON.stringify(inFieldOrder(SERVICE))).toBe(ORDERED)
})

test('lists and exports hold such objects', () => {
  expect(JSON.stringify(inFieldOrder({items: [SERVICE], kind: 'List', apiVersion: 'v1'}))).toBe(
    `{"kind":"List","apiVersion":"v1","items":[${ORDERED}]}`,
  )
  const exported = {kind: 'Export', spec: {revisions: [], service: SERVICE}}
  expect(JSON.stringify(inFieldOrder(exported))).toBe(
    `{"kind":"Export","spec":{"service":${ORDERED},"revisions":[]}}`,
  )
})

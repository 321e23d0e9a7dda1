import {describe, expect, test} from 'vitest'
import type {CoreService, Endpoints} from '../../../../src/api/core/v1.ts'
import {findTarget} from '../../../../src/kubernetes/kube-proxy/service-target.ts'

const service: CoreService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {name: 'web', namespace: 'default'},
  spec: {
    ports: [
      {name: 'http', port: 80, targetPort: 8012},
      {name: 'admin', port: 81},
    ],
  },
}
const endpoints: Endpoints = {
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: {name: 'web', namespace: 'default'},
  subsets: [
    {
      addresses: [{ip: '10.244.0.2'}, {ip: '10.244.0.3'}],
      notReadyAddresses: [{ip: '10.244.0.4'}],
      ports: [{name: 'http', port: 8012}],
    },
  ],
}

describe('findTarget', () => {
  test('leads a port to the ready addresses that have it', () => {
    expect(findTarget(service, endpoints, 80)).toEqual({
      kind: 'endpoints',
      addresses: [
        {ip: '10.244.0.2', port: 8012},
        {ip: '10.244.0.3', port: 8012},
      ],
    })
  })

  test('leads nowhere where no subset has the port, or the Service has it not', () => {
    const nowhere = {kind: 'endpoints', addresses: []}
    expect(findTarget(service, endpoints, 81)).toEqual(nowhere)
    expect(findTarget(service, endpoints, 443)).toEqual(nowhere)
    expect(findTarget(service, undefined, 80)).toEqual(nowhere)
  })

  test('follows an ExternalName and knows nothing of what is not there', () => {
    const external: CoreService = {
      ...service,
      spec: {type: 'ExternalName', externalName: 'a.b.svc'},
    }
    expect(findTarget(external, undefined, 80)).toEqual({kind: 'external-name', host: 'a.b.svc'})
    expect(findTarget(undefined, endpoints, 80)).toBeUndefined()
  })
})

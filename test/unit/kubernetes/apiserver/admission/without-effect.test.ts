import {describe, expect, test} from 'vitest'
import {freshServer, TESTER} from '../../../../conformance/kubernetes-api/fresh-server.ts'

async function warningsOf(path: string, object: object): Promise<readonly string[]> {
  const {server} = await freshServer()
  const answer = await server.transport(TESTER).send({method: 'POST', path, body: object})
  expect(answer.status).toBe(201)
  return answer.warnings
}

describe('creating what has no effect on this cluster', () => {
  test('succeeds with a warning that says so', async () => {
    const warnings = await warningsOf('/api/v1/namespaces/default/resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: {name: 'few'},
      spec: {hard: {pods: '2'}},
    })
    expect(warnings).toEqual([
      'ResourceQuota has no effect on this cluster: nothing is counted against it',
    ])
  })

  test('says what to use instead', async () => {
    const container = {name: 'main', image: 'example.com/app'}
    const warnings = await warningsOf('/apis/batch/v1/namespaces/default/jobs', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {name: 'once'},
      spec: {template: {spec: {restartPolicy: 'Never', containers: [container]}}},
    })
    expect(warnings).toContain(
      'Job has no effect on this cluster: it is not run; use a Pod with restartPolicy Never',
    )
  })

  test('is silent about what the releases bring along, and about everything else', async () => {
    const scaler = {scaleTargetRef: {kind: 'Deployment', name: 'a'}, maxReplicas: 2}
    const path = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers'
    const meta = {metadata: {name: 'a'}}
    expect(
      await warningsOf(path, {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        ...meta,
        spec: scaler,
      }),
    ).toEqual([])
    expect(await warningsOf('/api/v1/namespaces/default/configmaps', {...meta})).toEqual([])
  })
})

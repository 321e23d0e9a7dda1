import {describe, expect, test} from 'vitest'
import type {Deployment} from '../../../../src/api/apps/v1.ts'
import type {KubeObject} from '../../../../src/api/meta/object.ts'
import type {Client} from '../../../../src/client/client.ts'
import {deploymentsReady} from '../../../../src/install/ready/deployments.ts'
import type {Poll} from '../../../../src/install/step.ts'

const NAMESPACE = 'knative-serving'

const deployment = (name: string, namespace = NAMESPACE): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name, namespace},
})

/** As it is in a cluster, with so many of its two pods available. */
function live(name: string, availableReplicas: number, gaveUp = false): Deployment {
  return {
    ...deployment(name),
    metadata: {name, namespace: NAMESPACE, generation: 1},
    spec: {replicas: 2},
    status: {
      observedGeneration: 1,
      updatedReplicas: 2,
      availableReplicas,
      conditions: gaveUp
        ? [{type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded'}]
        : [],
    },
  } as unknown as Deployment
}

function judge(wanted: readonly KubeObject[], found: readonly Deployment[]): Promise<Poll> {
  const list = async (type: {plural: string}, {namespace}: {namespace: string}) => ({
    items: type.plural === 'deployments' && namespace === NAMESPACE ? found : [],
  })
  return deploymentsReady({client: {list} as unknown as Client}, wanted)
}

describe('waiting for Deployments', () => {
  test('is over when each has rolled out', async () => {
    expect(await judge([deployment('webhook')], [live('webhook', 2)])).toEqual({done: true})
  })

  test('names the one that has not', async () => {
    const wanted = [deployment('activator'), deployment('webhook')]
    expect(await judge(wanted, [live('activator', 2), live('webhook', 1)])).toEqual({
      done: false,
      waitingFor: 'the Deployment webhook (1 of 2 available)',
    })
  })

  test('names all that have not, of all namespaces', async () => {
    const wanted = [
      deployment('activator'),
      deployment('autoscaler'),
      deployment('webhook'),
      deployment('istiod', 'istio-system'),
    ]
    const found = [live('activator', 0), live('autoscaler', 2), live('webhook', 1)]
    expect(await judge(wanted, found)).toEqual({
      done: false,
      waitingFor:
        'the Deployments activator (0 of 2 available), webhook (1 of 2 available), istiod to be there',
    })
  })

  test('ends with the one that gave up, even where others come before it', async () => {
    const wanted = [deployment('activator'), deployment('webhook')]
    await expect(judge(wanted, [live('activator', 0), live('webhook', 0, true)])).rejects.toThrow(
      'The Deployment knative-serving/webhook does not become available: ProgressDeadlineExceeded.',
    )
  })
})

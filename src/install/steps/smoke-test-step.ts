import {isTrue} from '../../api/condition-set.ts'
import {SERVICES, type Service} from '../../api/serving/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {InstallContext, Step} from '../step.ts'
import {waitUntil} from '../wait-until.ts'

const PROBE_TIMEOUT_MS = 30_000
const SMOKE_TEST = {namespace: 'default', name: 'kntool-smoke-test'}

/** The Service that proves an installation: the walkthrough's own application. */
export function makeSmokeTestService(): Service {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: SMOKE_TEST,
    spec: {
      template: {
        spec: {
          containers: [
            {
              image: 'ghcr.io/knative/helloworld-go:latest',
              env: [{name: 'TARGET', value: 'kntool'}],
            },
          ],
        },
      },
    },
  }
}

/** Creates a Service, calls it by its URL through the gateway, and removes it again. */
export const smokeTestStep: Step = {
  id: 'smoke-test',
  title: 'Request to a Service',
  check: () => Promise.resolve({state: 'needed'}),
  plan: () =>
    Promise.resolve([
      {
        action: 'create',
        object: `service.serving.knative.dev/${SMOKE_TEST.name}`,
        detail: 'called once, then deleted',
      },
    ]),
  async apply(context) {
    if ((await context.client.find(SERVICES, SMOKE_TEST)) === undefined) {
      await context.client.create(SERVICES, makeSmokeTestService())
    }
  },
  async verify(context) {
    try {
      await callOnce(context, await waitForUrl(context))
    } finally {
      await context.client.delete(SERVICES, SMOKE_TEST)
    }
  },
}

async function waitForUrl(context: InstallContext): Promise<string> {
  let url = ''
  await waitUntil(
    context,
    async () => {
      const service = await context.client.get(SERVICES, SMOKE_TEST)
      url = service.status?.url ?? ''
      const current = service.status?.observedGeneration === service.metadata.generation
      if (current && isTrue(service.status, 'Ready') && url !== '') return {done: true}
      const why = service.status?.conditions?.find((condition) => condition.status !== 'True')
      return {
        done: false,
        waitingFor: `the Service ${SMOKE_TEST.name} to be Ready${why?.message ? ` (${why.message})` : ''}`,
      }
    },
    `Look at it: kntool service describe ${SMOKE_TEST.name}`,
  )
  return url
}

async function callOnce(context: InstallContext, url: string): Promise<void> {
  context.progress(`calling ${url}`)
  const {status, text} = await context.probe(url, {timeoutMs: PROBE_TIMEOUT_MS})
  if (status === 200) {
    context.progress(`${url} answered: ${text.trim()}`)
    context.note({provenUrl: url})
    return
  }
  throw new KntoolError('KN_FAILED', `${url} answered ${status}: ${text.trim()}`, {
    hint: `Look at the route: kntool route describe ${SMOKE_TEST.name}`,
  })
}

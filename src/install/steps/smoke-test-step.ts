import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {isTrue} from '../../api/condition-set.ts'
import {CORE_SERVICES} from '../../api/core/v1.ts'
import {isAlreadyExists, isNotFound} from '../../api/meta/status-error.ts'
import {SERVICES, type Service} from '../../api/serving/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {packageRoot} from '../../util/package-root.ts'
import {readYaml} from '../../util/yaml/read-yaml.ts'
import {gatewayAddress} from '../gateway/find-gateway.ts'
import {GATEWAY} from '../gateway/gateway-service.ts'
import type {ProbeRoute} from '../network.ts'
import type {InstallContext, Poll, Step} from '../step.ts'
import {waitUntil} from '../wait-until.ts'

/** The name of the Service that proves an installation. */
export const SMOKE_TEST = {namespace: 'default', name: 'kntool-smoke-test'}
const PROBE_TIMEOUT_MS = 30_000
const HINT = [
  `kntool service describe ${SMOKE_TEST.name} -n ${SMOKE_TEST.namespace}`,
  'kubectl get events',
]

/** The Service as it stands in `templates/install`; it has the name {@link SMOKE_TEST}. */
export function readSmokeTest(): Service {
  const path = join(packageRoot(), 'templates', 'install', 'smoke-test.yaml')
  return readYaml(readFileSync(path, 'utf8')) as Service
}

/** Creates a Service, calls it by its URL as everybody would, and removes it again. */
export const smokeTestStep: Step = {
  id: 'smoke-test',
  title: 'Request to a Service',
  async check({settings}) {
    return settings.wait ? {state: 'needed'} : {state: 'skipped', reason: '--no-wait'}
  },
  async plan() {
    return {
      changes: [
        {
          action: 'create',
          object: `service.serving.knative.dev/${SMOKE_TEST.name}`,
          detail: 'called once, then deleted',
        },
      ],
    }
  },
  async apply(context) {
    try {
      await context.client.create(SERVICES, readSmokeTest()).catch(unlessThere)
      const limits = {
        clock: context.clock,
        signal: context.signal,
        timeoutMs: context.settings.timeouts.stepMs,
        hint: HINT,
        onWaiting: ({waitingFor, warning}: Extract<Poll, {done: false}>) =>
          context.progress(
            `waiting for ${waitingFor}${warning === undefined ? '' : `: ${warning}`}`,
          ),
      }
      await waitUntil(() => isReady(context), limits)
      const {status} = await context.client.get(SERVICES, SMOKE_TEST)
      const url = status?.url ?? ''
      const route = await chooseRoute(context)
      if (route === undefined) {
        context.note({
          warnings: ['No request was sent: the gateway is reachable within the cluster only.'],
        })
        return
      }
      await waitUntil(() => callOnce(url, route, context), limits)
      context.note({provenUrl: url})
    } finally {
      // Also after an interruption; what a killed run left behind, the next one uses and removes.
      await context.client.delete(SERVICES, SMOKE_TEST).catch((error: unknown) => {
        if (!isNotFound(error)) throw error
      })
    }
  },
  observe: async () => ({done: true}),
}

async function isReady(context: InstallContext): Promise<Poll> {
  const {metadata, status} = await context.client.get(SERVICES, SMOKE_TEST)
  const current = status?.observedGeneration === metadata.generation
  if (current && isTrue(status, 'Ready') && status?.url !== undefined) return {done: true}
  const why = status?.conditions?.find((condition) => condition.status !== 'True')
  return {
    done: false,
    waitingFor: `the Service ${SMOKE_TEST.name} to be Ready`,
    ...(why?.message && {warning: why.message}),
  }
}

/**
 * How the request goes: by the name where DNS was arranged, else straight to the load balancer.
 * Undefined where this machine cannot reach the gateway at all.
 */
async function chooseRoute({
  client,
  target,
  settings,
}: InstallContext): Promise<ProbeRoute | undefined> {
  if (target === 'embedded') return {kind: 'gateway'}
  const {loadBalancer, dns} = settings
  if (loadBalancer.kind === 'none') return undefined
  if (loadBalancer.kind === 'nlb' && loadBalancer.nlb.scheme === 'internal') return undefined
  if (dns !== 'none') return {kind: 'name'}
  const host = gatewayAddress(await client.find(CORE_SERVICES, GATEWAY))
  return host === undefined ? undefined : {kind: 'host', host}
}

async function callOnce(url: string, route: ProbeRoute, context: InstallContext): Promise<Poll> {
  try {
    const {status, text} = await context.probe(url, {route, timeoutMs: PROBE_TIMEOUT_MS})
    if (status === 200) {
      context.progress(`${url} answered: ${text.trim()}`)
      return {done: true}
    }
    // The gateway answers 404 until it knows the route, 503 until it knows the pods.
    return {
      done: false,
      waitingFor: `${url} to answer 200`,
      warning: `it answered ${status}${text.trim() === '' ? '' : `: ${text.trim().slice(0, 200)}`}`,
    }
  } catch (error) {
    if (!(error instanceof KntoolError)) throw error
    return {done: false, waitingFor: `${url} to answer`, warning: error.message}
  }
}

function unlessThere(error: unknown): void {
  if (!isAlreadyExists(error)) throw error
}

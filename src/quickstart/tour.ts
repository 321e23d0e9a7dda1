/** The stations of the quickstart, one after another on one embedded cluster. */
import type {Connection} from '../operations/connection.ts'
import {startEmbeddedConnection} from '../operations/embedded-connection.ts'
import {callService} from '../operations/call-service.ts'
import {deleteObjects} from '../operations/delete-objects.ts'
import {defaultWishes} from '../install/settings.ts'
import {install} from '../operations/install/install.ts'
import {listRevisions, withTraffic} from '../operations/revision/list-revisions.ts'
import {createService} from '../operations/service/create-service.ts'
import type {ServiceOutcome, ServiceWriteOptions} from '../operations/service/service-outcome.ts'
import {severalFailures} from '../operations/several-failures.ts'
import {updateService} from '../operations/service/update-service.ts'
import {splitTraffic} from '../operations/traffic/split-traffic.ts'
import {SERVICES} from '../api/serving/v1.ts'
import {renderAnswer} from '../ui/http-text.ts'
import {installProgressLines} from '../ui/install/install-progress.ts'
import {renderServiceOutcome, serviceProgress} from '../ui/service-progress.ts'
import {renderRevisionTable} from '../ui/tables.ts'
import {renderTraffic} from '../ui/traffic-text.ts'
import {countAnswers} from './count-answers.ts'
import type {Narrator} from './narrator.ts'
import {waitForZero} from './wait-for-zero.ts'

const DOMAIN = 'knative.example.com'
const IMAGE = 'ghcr.io/knative/helloworld-go:latest'
const SERVICE = {namespace: 'default', name: 'helloworld-go'}
const REQUESTS = 200
const LIMITS = {timeoutMs: 60_000, windowMs: 2_000}

/** Takes the whole tour; whatever happens, nothing is left running afterwards. */
export async function takeTour(narrator: Narrator, signal: AbortSignal): Promise<void> {
  narrator.output(
    'kntool: Knative Serving from a container image to a URL, here without any cluster.\n',
  )
  const connection = await startEmbeddedConnection({cluster: {listen: {gatewayPort: 0}}})
  try {
    const stations = [installKnative, createFirst, callIt, updateIt, splitIt, letItSleep, cleanUp]
    for (const station of stations) {
      signal.throwIfAborted()
      await station({connection, narrator, signal})
    }
  } finally {
    await connection.close()
  }
  narrator.output('\nDone: nothing is left running. To keep a cluster: kntool local up --detach\n')
}

interface Tour {
  readonly connection: Connection
  readonly narrator: Narrator
  readonly signal: AbortSignal
}

async function installKnative({connection, narrator, signal}: Tour): Promise<void> {
  narrator.chapter('Install Knative with a domain')
  narrator.command(`kntool install --domain ${DOMAIN}`)
  await install(
    connection,
    {wishes: defaultWishes(DOMAIN), signal},
    {onEvent: installProgressLines(narrator.output)},
  )
}

async function createFirst(tour: Tour): Promise<void> {
  tour.narrator.chapter('Create a service: image in, URL out')
  tour.narrator.command(
    `kntool service create ${SERVICE.name} --image ${IMAGE} --env TARGET="Go Sample v1" --scale-window 6s`,
  )
  await report(tour, (options) =>
    createService(
      tour.connection,
      {
        ...SERVICE,
        edits: {
          image: IMAGE,
          environment: [{kind: 'value', text: 'TARGET=Go Sample v1'}],
          scaleWindow: '6s',
        },
      },
      options,
    ),
  )
}

async function callIt(tour: Tour): Promise<void> {
  tour.narrator.chapter('Call it through the gateway, by the host of its URL')
  await call(tour)
}

async function updateIt(tour: Tour): Promise<void> {
  const {connection, narrator} = tour
  narrator.chapter('Update it: a change makes a new revision')
  narrator.command(`kntool service update ${SERVICE.name} --env TARGET="Go Sample v2"`)
  await report(tour, (options) =>
    updateService(
      connection,
      {...SERVICE, edits: {environment: [{kind: 'value', text: 'TARGET=Go Sample v2'}]}},
      options,
    ),
  )
  narrator.command('kntool revision list')
  const revisions = await listRevisions(connection.client, {namespace: SERVICE.namespace})
  const rows = await withTraffic(connection.client, revisions, SERVICE.namespace)
  narrator.output(renderRevisionTable(rows, {nowMs: connection.clock.now()}))
}

async function splitIt(tour: Tour): Promise<void> {
  const {connection, narrator, signal} = tour
  narrator.chapter('Split the traffic between the revisions')
  narrator.command(`kntool traffic split ${SERVICE.name} @prev=50 @latest=50`)
  const outcome = await splitTraffic(
    connection,
    {
      ...SERVICE,
      shares: [
        {reference: '@prev', percent: 50},
        {reference: '@latest', percent: 50},
      ],
    },
    {wait: LIMITS, signal},
  )
  narrator.output(renderTraffic(outcome.service))
  narrator.command(
    `for i in $(seq ${REQUESTS}); do kntool curl ${SERVICE.name}; done | sort | uniq -c`,
  )
  const counts = await countAnswers(connection, {...SERVICE, requests: REQUESTS, signal})
  for (const {answer, revision, count} of counts) {
    narrator.output(`${String(count).padStart(7)} ${answer}   (${revision})\n`)
  }
}

async function letItSleep(tour: Tour): Promise<void> {
  const {connection, narrator, signal} = tour
  narrator.chapter('Leave it alone: it scales to zero, and a request wakes it')
  narrator.remark('The revisions have a window of 6 s; by default it takes a minute.')
  const {elapsedMs} = await waitForZero(connection, {...SERVICE, signal, onPods: narrator.output})
  narrator.remark(`No pods left after ${(elapsedMs / 1000).toFixed(1)} s.`)
  await call(tour)
}

async function cleanUp({connection, narrator}: Tour): Promise<void> {
  narrator.chapter('Clean up')
  narrator.command(`kntool service delete ${SERVICE.name} --wait`)
  const failures = await deleteObjects(connection, {
    type: SERVICES,
    namespace: SERVICE.namespace,
    names: [SERVICE.name],
    waitMs: LIMITS.timeoutMs,
    onDeleted: (name) =>
      narrator.output(
        `Service '${name}' successfully deleted in namespace '${SERVICE.namespace}'.\n`,
      ),
  })
  if (failures.length > 0) throw severalFailures(failures)
}

async function call({connection, narrator, signal}: Tour): Promise<void> {
  narrator.command(`kntool curl ${SERVICE.name}`)
  const startedMs = connection.clock.now()
  const response = await callService(connection, {
    ...SERVICE,
    path: '/',
    method: 'GET',
    headers: [],
    signal,
  })
  const decoder = new TextDecoder()
  let body = ''
  for await (const chunk of response.body) body += decoder.decode(chunk, {stream: true})
  narrator.output(body)
  narrator.remark(renderAnswer(response, connection.clock.now() - startedMs))
}

async function report(
  {narrator, signal}: Tour,
  run: (options: ServiceWriteOptions) => Promise<ServiceOutcome>,
): Promise<void> {
  const outcome = await run({
    wait: LIMITS,
    observer: serviceProgress(narrator.output, narrator.output),
    signal,
  })
  narrator.output(renderServiceOutcome(outcome))
}

/**
 * An embedded cluster with the test images of Knative's own conformance programs, as functions.
 *
 * The suites beside this file follow Knative's tests of its API specification and of its runtime
 * contract, and carry their names: `TestBlueGreenRoute` here checks what TestBlueGreenRoute of
 * knative.dev/serving `test/conformance` or `test/e2e` checks.
 */
import {onTestFinished} from 'vitest'
import {CONFIG_MAPS} from '../../../src/api/core/v1.ts'
import {
  type Configuration,
  CONFIGURATIONS,
  REVISIONS,
  type Revision,
  type RevisionTemplateSpec,
  type Route,
  ROUTES,
  type Service,
  SERVICES,
  type TrafficTarget,
} from '../../../src/api/serving/v1.ts'
import {createCluster, type HandlerImage, type TestCluster} from '../../../src/index.ts'

/** What the images answer. */
export const TEXTS = {
  pizzaplanetv1: 'What a spaceport!',
  pizzaplanetv2: 'Re-energize yourself with a slice of pepperoni!',
  helloworld: 'Hello World! How about some tasty noodles?',
} as const

/** What the image `runtime` tells about itself and the request. */
export interface RuntimeInfo {
  readonly env: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly url: string
}

const says =
  (text: string): HandlerImage =>
  () =>
    new Response(text)

const runtime: HandlerImage = ({headers, url}, {env}) =>
  Response.json({env, headers: Object.fromEntries(headers), url} satisfies RuntimeInfo)

/** A registry whose tags Knative does not look up. */
const REPOSITORY = 'ko.local'

const IMAGES: Readonly<Record<string, HandlerImage>> = {
  pizzaplanetv1: says(TEXTS.pizzaplanetv1),
  pizzaplanetv2: says(TEXTS.pizzaplanetv2),
  helloworld: says(TEXTS.helloworld),
  runtime,
  failing: {
    main: (context) => {
      context.log('MUST fail')
      return Promise.resolve(5)
    },
  },
  silent: {},
}

/** The name of one of the images. */
export function image(name: string): string {
  return `${REPOSITORY}/${name}`
}

/** Starts a cluster that is stopped when the test ends. `images` are added to the usual ones. */
export async function startCluster(
  images: Readonly<Record<string, HandlerImage>> = {},
): Promise<TestCluster> {
  const handlers = Object.fromEntries(
    Object.entries({...IMAGES, ...images}).map(([name, handler]) => [image(name), handler]),
  )
  const cluster = await createCluster({domain: 'example.com', handlers})
  onTestFinished(() => cluster.stop())
  return cluster
}

/** What a Service is to have beyond its image. */
export interface ServiceOptions {
  readonly spec?: Partial<RevisionTemplateSpec['spec']>
  /** Of the only container. */
  readonly container?: Partial<RevisionTemplateSpec['spec']['containers'][number]>
  readonly annotations?: Record<string, string>
  readonly labels?: Record<string, string>
  /** Annotations of the template. */
  readonly template?: Record<string, string>
  readonly revisionName?: string
  readonly traffic?: TrafficTarget[]
}

/** A Service with one of the images. */
export function service(name: string, of: string, options: ServiceOptions = {}): Service {
  const {annotations, labels, template, revisionName, traffic} = options
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: 'default',
      ...(annotations !== undefined && {annotations}),
      ...(labels !== undefined && {labels}),
    },
    spec: {
      template: {
        metadata: {
          ...(revisionName !== undefined && {name: revisionName}),
          ...(template !== undefined && {annotations: template}),
        },
        spec: {containers: [{image: image(of), ...options.container}], ...options.spec},
      },
      ...(traffic !== undefined && {traffic}),
    },
  }
}

/** Creates a Service and waits until it is Ready. */
export async function serve(
  cluster: TestCluster,
  name: string,
  of: string,
  options: ServiceOptions = {},
): Promise<Service> {
  await cluster.client.create(SERVICES, service(name, of, options))
  return cluster.ready(name)
}

/** Changes a Service and waits until it is Ready again, as the changed one. */
export async function update(cluster: TestCluster, name: string, body: object): Promise<Service> {
  await cluster.client.patch(SERVICES, at(name), {type: 'merge', body})
  await cluster.advance(1)
  return cluster.ready(name)
}

/** The change of a Service to another image. */
export function withImage(of: string): object {
  return {spec: {template: {spec: {containers: [{image: image(of)}]}}}}
}

/** Sets keys of one of Knative's ConfigMaps. */
export async function configure(
  cluster: TestCluster,
  name: string,
  data: Record<string, string>,
): Promise<void> {
  const key = {namespace: 'knative-serving', name}
  await cluster.client.patch(CONFIG_MAPS, key, {type: 'merge', body: {data}})
  await cluster.advance(0)
}

/** The answer of a URL as text, after its status. */
export async function ask(cluster: TestCluster, url: string, init?: RequestInit): Promise<string> {
  const response = await cluster.fetch(url, init)
  return `${response.status} ${await response.text()}`
}

/** How often each answer came. */
export async function askOften(
  cluster: TestCluster,
  url: string,
  times: number,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let index = 0; index < times; index++) {
    const answer = await ask(cluster, url)
    counts[answer] = (counts[answer] ?? 0) + 1
  }
  return counts
}

/** A key in the namespace of the suites. */
export function at(name: string): {namespace: string; name: string} {
  return {namespace: 'default', name}
}

/** What belongs to a Service. */
export async function objectsOf(
  cluster: TestCluster,
  name: string,
): Promise<{service: Service; configuration: Configuration; route: Route; revision: Revision}> {
  const {client} = cluster
  const configuration = await client.get(CONFIGURATIONS, at(name))
  const latest = configuration.status?.latestCreatedRevisionName ?? ''
  return {
    service: await client.get(SERVICES, at(name)),
    configuration,
    route: await client.get(ROUTES, at(name)),
    revision: await client.get(REVISIONS, at(latest)),
  }
}

/** The traffic of a status, without URLs, by tag. */
export function shapeOf(
  traffic: readonly TrafficTarget[] = [],
): Record<string, {revision: string; percent: number; latest: boolean}> {
  return Object.fromEntries(
    traffic.map(({tag = '', revisionName = '', percent = 0, latestRevision = false}) => [
      tag,
      {revision: revisionName, percent, latest: latestRevision},
    ]),
  )
}

/** Requests that stay under way until they are released. */
export class Hold {
  #gate = Promise.withResolvers<void>()
  /** Requests that are held now. */
  count = 0
  /** The most that were held at once. */
  most = 0

  /** A function that answers each request when it is released. */
  readonly image: HandlerImage = async () => {
    this.count++
    this.most = Math.max(this.most, this.count)
    await this.#gate.promise
    this.count--
    return new Response('released')
  }

  release(): void {
    this.#gate.resolve()
    this.#gate = Promise.withResolvers<void>()
  }
}

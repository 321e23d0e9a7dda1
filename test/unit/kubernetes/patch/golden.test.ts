/**
 * Patches and managed fields as a genuine kube-apiserver stored them: each recorded answer is the
 * start of the next request to the same object.
 */
import {describe, expect, test} from 'vitest'
import type {KubeObject, ManagedFieldsEntry, Status} from '../../../../src/api/meta/object.ts'
import {StatusError} from '../../../../src/api/meta/status-error.ts'
import {fieldSet} from '../../../../src/kubernetes/patch/fields-v1.ts'
import {patchJson} from '../../../../src/kubernetes/patch/json-patch.ts'
import {patchMerge} from '../../../../src/kubernetes/patch/merge-patch.ts'
import {
  customResourceSchema,
  type MergeSchema,
} from '../../../../src/kubernetes/patch/merge-schema.ts'
import {mergeTypeOf, type MergeType} from '../../../../src/kubernetes/patch/merge-type.ts'
import {recordUpdate} from '../../../../src/kubernetes/patch/record-update.ts'
import {applyConfiguration} from '../../../../src/kubernetes/patch/server-side-apply.ts'
import {patchStrategic} from '../../../../src/kubernetes/patch/strategic-merge-patch.ts'
import {isJsonObject, type JsonObject} from '../../../../src/util/json.ts'
import {exchange, exchangesOf, type Exchange} from './recordings.ts'
import {CONFIG_MAP, DEPLOYMENT, SECRET, SERVICE, SERVICE_ACCOUNT} from './schemas.ts'
import {needs, RECORDINGS} from '../../../support/requirements.ts'

interface Step {
  readonly exchange: Exchange
  /** What was stored before; undefined for a create. */
  readonly before: KubeObject | undefined
  readonly type: MergeType
}

const TYPES: Readonly<Record<string, MergeType>> = {
  configmaps: CONFIG_MAP,
  secrets: SECRET,
  serviceaccounts: SERVICE_ACCOUNT,
  services: SERVICE,
  deployments: DEPLOYMENT,
}

/**
 * Refused before or after the patch was applied: by the request's form, by the name in the URL, by
 * validation. A Service that becomes external loses what the cluster gave it afterwards.
 */
const NOT_ABOUT_PATCHES =
  /immutable|scale|collection|-type$|to-external|-(uid|rename|stale-rv|escape|change|mismatch|bad)$/

describe('the recorded patches of built-in kinds', needs(RECORDINGS), () => {
  const steps = RECORDINGS.isMet() ? stepsOf(exchangesOf('http-builtin')) : []
  const patches = steps.filter(
    ({exchange: {name, request}}) =>
      request.method === 'PATCH' && !NOT_ABOUT_PATCHES.test(name) && !name.includes('-status-'),
  )

  test('are many', () => {
    expect(patches.length).toBeGreaterThan(30)
  })

  test.each(patches.map((step) => [step.exchange.name, step] as const))(
    '%s gives what was stored',
    (_name, {exchange: {request, response}, before, type}) => {
      const result = outcome(() => patched(before, request, type))
      const {body} = response
      const isRefused = body.kind === 'Status'
      expect(isRefused ? statusOf(result) : essence(result)).toEqual(
        isRefused ? body : essence(body),
      )
    },
  )
})

describe('the recorded managed fields of built-in kinds', needs(RECORDINGS), () => {
  const steps = (RECORDINGS.isMet() ? stepsOf(exchangesOf('http-builtin')) : []).filter(
    ({exchange: {name, request, response}}) =>
      response.status < 300 && request.method !== 'GET' && !/stringdata|to-external/.test(name),
  )
  const named = steps.map((step) => [step.exchange.name, step] as const)

  test.each(named.filter(([, step]) => !isStatusWrite(step)))(
    'after %s are those',
    (_name, {exchange: {response}, before, type}) => {
      const after = response.body as KubeObject
      const expected = after.metadata.managedFields
      const recorded = recordUpdate({
        before: before && sinceThen(before, after),
        after: before === undefined ? asRequested(after) : unmanaged(after),
        manager: before === undefined ? (expected?.[0]?.manager ?? '') : 'unknown',
        time: 'now',
        apiVersion: after.apiVersion,
        type,
        ignored: fieldSet(['status']),
      })
      expect(timeless(recorded)).toEqual(timeless(expected))
    },
  )

  test.each(named.filter(([, step]) => isStatusWrite(step)))(
    'after %s have that entry for it',
    (_name, {exchange: {request, response}, before, type}) => {
      const recorded = recordUpdate({
        before,
        after: patched(before, request, type) as KubeObject,
        manager: 'unknown',
        time: 'now',
        apiVersion: (response.body as KubeObject).apiVersion,
        type,
        subresource: 'status',
        ignored: fieldSet(['spec'], ['metadata']),
      })
      // Controllers wrote in between: only the entry of this write can be compared.
      const {managedFields} = (response.body as KubeObject).metadata
      const expected = timeless(managedFields?.filter(isOfStatus))
      expect(timeless(recorded?.filter(isOfStatus))).toEqual(expected)
    },
  )
})

function isStatusWrite({exchange: {request}}: Step): boolean {
  return new URL(request.path, 'http://x').pathname.endsWith('/status')
}

function isOfStatus(entry: ManagedFieldsEntry): boolean {
  return entry.manager === 'unknown' && entry.subresource === 'status'
}

describe('server-side apply of a Knative Service', needs(RECORDINGS), () => {
  const type = RECORDINGS.isMet() ? knativeServiceType() : undefined

  const apply = (number: string, live: Exchange): KubeObject => {
    const {request} = exchange('l-raw-http', number)
    if (type === undefined) throw new Error('there is no schema')
    return applyConfiguration({
      live: live.response.body as KubeObject,
      applied: JSON.parse(request.body as string) as KubeObject,
      manager: 'me',
      force: request.path.includes('force=true'),
      time: '2026-11-22T13:26:17Z',
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      type,
    })
  }

  test('conflicts with who patched the containers before', () => {
    const error = outcome(() => apply('081', exchange('l-raw-http', '076')))
    expect(error).toBeInstanceOf(StatusError)
    expect((error as StatusError).status).toEqual(exchange('l-raw-http', '081').response.body)
  })

  test('takes the containers over by force', () => {
    const applied = apply('082', exchange('l-raw-http', '076'))
    const {body} = exchange('l-raw-http', '082').response
    expect(applied.metadata.managedFields).toEqual((body as KubeObject).metadata.managedFields)
    expect(JSON.stringify(applied.metadata.managedFields?.[0]?.fieldsV1)).toBe(
      JSON.stringify((body as KubeObject).metadata.managedFields?.[0]?.fieldsV1),
    )
  })

  test('a merge patch of the status moves one field to its manager', () => {
    const before = exchange('l-raw-http', '083').response.body as KubeObject
    const {request, response} = exchange('l-raw-http', '084')
    const after = patchMerge(before as unknown as JsonObject, request.body) as unknown as KubeObject
    if (type === undefined) throw new Error('there is no schema')
    const recorded = recordUpdate({
      before,
      after,
      manager: 'unknown',
      time: '2026-11-22T13:26:17Z',
      apiVersion: 'serving.knative.dev/v1',
      type,
      subresource: 'status',
      ignored: fieldSet(['spec'], ['metadata']),
    })
    expect(recorded).toEqual((response.body as KubeObject).metadata.managedFields)
  })
})

/** The writes to kinds with a schema here, each with the state it started from. */
function stepsOf(exchanges: readonly Exchange[]): Step[] {
  const stored = new Map<string, KubeObject>()
  const steps: Step[] = []
  for (const each of exchanges) {
    const {request, response} = each
    const url = new URL(request.path, 'http://x')
    const parts = url.pathname.split('/')
    const at = parts.findIndex((part) => part in TYPES)
    const type = TYPES[parts[at] ?? '']
    const body = response.body as KubeObject
    if (type === undefined || /table|list/i.test(body.kind) || request.method === 'DELETE') continue
    const name = parts[at + 1] ?? body.metadata.name
    const key = `${parts[at]}/${name}`
    const before = stored.get(key)
    if (!url.pathname.endsWith('/scale')) {
      steps.push({exchange: each, before: request.method === 'POST' ? undefined : before, type})
    }
    const isStored = body.kind !== 'Status' && body.kind !== 'Scale'
    if (isStored && !url.searchParams.has('dryRun')) stored.set(key, body)
  }
  return steps
}

function patched(
  before: KubeObject | undefined,
  {contentType, body}: Exchange['request'],
  type: MergeType,
): unknown {
  const live = before as unknown as JsonObject
  // A body that is no object was recorded as the text that was sent.
  const sent: unknown = typeof body === 'string' ? JSON.parse(body) : body
  if (contentType?.includes('json-patch') === true) return patchJson(live, sent)
  if (contentType?.includes('strategic') === true) return patchStrategic(live, sent, type)
  return patchMerge(live, sent)
}

function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

/** What defaulting adds to a patched object, or the server counts. */
const ADDED_LATER = new Set([
  'resources',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'imagePullPolicy',
  'protocol',
])

/** An object without what others write to it: the server, its controllers and its defaults. */
function essence(value: unknown): unknown {
  const {stringData, data} = value as JsonObject
  const {metadata} = value as KubeObject
  const counted = ['resourceVersion', 'generation', 'managedFields', 'annotations']
  const text = (item: unknown): unknown => (item === null ? '' : item)
  const texts = isJsonObject(data)
    ? Object.fromEntries(Object.entries(data).map(([name, item]) => [name, text(item)]))
    : undefined
  return withoutDefaults({
    ...without(value, 'status', 'stringData', 'data'),
    metadata: without(metadata, ...counted),
    ...(texts !== undefined && {data: {...texts, ...encoded(stringData)}}),
  })
}

function encoded(stringData: unknown): Record<string, string> {
  const entries = Object.entries((stringData ?? {}) as Record<string, string>)
  return Object.fromEntries(entries.map(([name, value]) => [name, btoa(value)]))
}

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).filter(
    ([name, item]) =>
      !ADDED_LATER.has(name) &&
      !(name === 'targetPort' && item === value['port']) &&
      !(isJsonObject(item) && Object.keys(item).length === 0),
  )
  const kept = entries.map(([name, item]) => [name, withoutDefaults(item)] as const)
  // An emptied map is not stored.
  return Object.fromEntries(
    kept.filter(([, item]) => !(isJsonObject(item) && Object.keys(item).length === 0)),
  )
}

/** The state right before the write, with what controllers wrote since the one that was recorded. */
function sinceThen(before: KubeObject, after: KubeObject): KubeObject {
  const isOurs = (entry: ManagedFieldsEntry): boolean => entry.manager === 'unknown'
  const {annotations, managedFields} = after.metadata
  const {status} = after as unknown as JsonObject
  return {
    ...before,
    ...(status !== undefined && {status}),
    metadata: {
      ...before.metadata,
      ...(annotations !== undefined && {annotations}),
      managedFields: [
        ...(before.metadata.managedFields ?? []).filter(isOurs),
        ...(managedFields ?? []).filter((entry) => !isOurs(entry)),
      ],
    },
  }
}

function unmanaged(object: KubeObject): KubeObject {
  const metadata = without(object.metadata, 'managedFields')
  return {...object, metadata} as unknown as KubeObject
}

function without(value: unknown, ...names: string[]): JsonObject {
  const entries = Object.entries(value as JsonObject)
  return Object.fromEntries(entries.filter(([name]) => !names.includes(name)))
}

function statusOf(error: unknown): unknown {
  return error instanceof StatusError ? error.status : error
}

/** A created object before the server allocated addresses. */
function asRequested(after: KubeObject): KubeObject {
  const {spec} = after as unknown as {spec?: JsonObject}
  if (after.kind !== 'Service' || spec === undefined) return unmanaged(after)
  const {clusterIP, ports} = spec
  const wanted = {
    ...without(spec, 'ipFamilies', 'ipFamilyPolicy', 'clusterIP', 'clusterIPs', 'ports'),
    // A headless service asks for its address.
    ...(clusterIP === 'None' && {clusterIP}),
    ports: (ports as JsonObject[] | undefined)?.map((port) =>
      port['nodePort'] === 30_080 ? port : without(port, 'nodePort'),
    ),
  }
  return {...unmanaged(after), spec: wanted} as KubeObject
}

function timeless(entries: readonly ManagedFieldsEntry[] | undefined): unknown {
  return entries
    ?.map((entry) => without(entry, 'time'))
    .toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
}

/** The schema that the recorded API server published for Knative Services. */
function knativeServiceType(): MergeType {
  const {body} = exchange('l-raw-http', '017').response as unknown as {
    body: Status & {components: {schemas: Record<string, MergeSchema & {$ref?: string}>}}
  }
  const {schemas} = body.components
  const schema = schemas['dev.knative.serving.v1.Service']
  return mergeTypeOf(customResourceSchema(schema))
}

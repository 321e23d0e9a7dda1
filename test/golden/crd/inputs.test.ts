/**
 * Every recorded input against a whole API server with our own definitions: what schemas, strict
 * decoding and webhook say together.
 */
import {existsSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {readYaml} from '../../../src/util/yaml/read-yaml.ts'
import type {KubeObject, UnknownObject} from '../../../src/api/meta/object.ts'
import type {ResourceType} from '../../../src/api/meta/resource-type.ts'
import {StatusError} from '../../../src/api/meta/status-error.ts'
import {POD_AUTOSCALERS} from '../../../src/api/autoscaling/v1alpha1.ts'
import {CONFIGURATIONS, REVISIONS, ROUTES, SERVICES} from '../../../src/api/serving/v1.ts'
import type {Client} from '../../../src/client/client.ts'
import {RestMapper} from '../../../src/client/rest-mapper.ts'
import {createGoldenCluster, type GoldenCluster} from '../../support/golden-cluster.ts'
import {goldenPath, goldenText} from '../../support/golden-objects.ts'
import {
  actionOf,
  applyPatch,
  printRefusal,
  RECORDED_CASES,
  type RecordedCase,
  recordedRefusal,
  recordedWarnings,
} from './recorded-cases.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const USER = {username: 'lab-admin', groups: ['system:masters', 'system:authenticated']}
const NAMESPACE = 'f-invalid'
/** As kubectl asks; nothing is stored, so that no case depends on another. */
const STRICT = {dryRun: true, fieldValidation: 'Strict'} as const

const TYPES: Readonly<Record<string, ResourceType>> = {
  ksvc: SERVICES,
  revision: REVISIONS,
  route: ROUTES,
  configuration: CONFIGURATIONS,
  podautoscaler: POD_AUTOSCALERS,
}

/** The case that made the Service which some of the others change. */
const BASE = 'base'

interface Answer {
  readonly refusal?: string
  readonly warnings: readonly string[]
  readonly stored?: UnknownObject
}

let golden: GoldenCluster
let client: Client
let mapper: RestMapper
let warnings: string[] = []

beforeAll(async () => {
  golden = await createGoldenCluster()
  client = golden.cluster.as(USER, (text) => warnings.push(text))
  mapper = new RestMapper(client)
  for (const name of [NAMESPACE, 'g-default']) await golden.createNamespace(name)
  const base = RECORDED_CASES.find((recorded) => recorded.case === BASE)
  if (base === undefined) return
  const action = actionOf(base)
  if (action.kind === 'create') await golden.cluster.apply(action.object)
  await golden.cluster.ready('imm', NAMESPACE)
})
afterAll(() => golden.stop())

describe('what a genuine cluster refused is refused in the same words', needs(RECORDINGS), () => {
  // ConfigMaps are no custom resources; test/golden/webhook has them.
  const custom = RECORDED_CASES.filter(
    (recorded) => recorded.case !== BASE && recorded.cmd?.includes(' patch cm ') !== true,
  )

  test('there are 180 recorded runs or more', () => {
    expect(custom.length).toBeGreaterThanOrEqual(180)
  })

  test.each(custom.map((recorded) => [recorded.case, recorded] as const))(
    '%s',
    async (_, recorded) => {
      const {refusal, warnings: warned} = await run(recorded)
      expect({refusal, warnings: warned}).toEqual({
        refusal: recordedRefusal(recorded),
        warnings: recordedWarnings(recorded),
      })
    },
  )
})

describe('what a genuine cluster accepted though it is odd is stored', needs(RECORDINGS), () => {
  const accepted = RECORDED_CASES.filter(
    (recorded) => recorded.verb === 'create' && existsSync(goldenPath(acceptedFile(recorded))),
  )

  test.each(accepted.map((recorded) => [recorded.case, recorded] as const))(
    '%s',
    async (_, recorded) => {
      const {stored} = await run(recorded)
      expect(stored?.['spec']).toEqual(JSON.parse(goldenText(acceptedFile(recorded))))
    },
  )
})

describe('what a genuine cluster stored is stored', needs(RECORDINGS), () => {
  const inputs = ['minimal', 'full', 'multi-container', 'traffic-implicit', 'configuration-only']

  test.each(inputs)('%s', async (name) => {
    const object = readYaml(goldenText(`g-defaulting/${name}.in.yaml`)) as KubeObject
    const recorded = readYaml(goldenText(`g-defaulting/${name}.out.yaml`)) as UnknownObject
    const {stored} = await answerTo(() =>
      create({...object, metadata: {...object.metadata, namespace: 'g-default'}}),
    )
    expect(comparable(stored)).toEqual(comparable(recorded))
  })
})

function acceptedFile(recorded: RecordedCase): string {
  return `f-invalid/accepted-${recorded.case}.json`
}

/** Does what was done. */
function run(recorded: RecordedCase): Promise<Answer> {
  const action = actionOf(recorded)
  return answerTo(async () => {
    switch (action.kind) {
      case 'create':
        return create(action.object)
      case 'apply': {
        const type = await typeOf(action.object)
        const body = applyPatch(action.object, await client.get(type, action.object.metadata))
        return client.patch(type, action.object.metadata, {type: 'merge', body}, STRICT)
      }
      case 'patch':
        return client.patch(
          resource(action.resource),
          {namespace: NAMESPACE, name: action.name},
          {type: 'merge', body: action.body},
          STRICT,
        )
      case 'get':
      case 'delete':
        return client.get(resource(action.resource), {namespace: NAMESPACE, name: action.name})
    }
  })
}

async function answerTo(ask: () => Promise<KubeObject>): Promise<Answer> {
  warnings = []
  try {
    const stored = (await ask()) as UnknownObject
    return {stored, warnings}
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return {refusal: printRefusal(error.status), warnings}
  }
}

async function create(object: KubeObject): Promise<KubeObject> {
  return client.create(await typeOf(object), object, STRICT)
}

async function typeOf(object: KubeObject): Promise<ResourceType> {
  const type = await mapper.find(object)
  if (type === undefined) throw new Error(`the cluster does not serve ${object.kind}`)
  return type
}

function resource(name: string): ResourceType {
  const type = TYPES[name]
  if (type === undefined) throw new Error(`no case was recorded about a ${name}`)
  return type
}

/** What is the same each time an object is stored. */
function comparable(object: UnknownObject | undefined): unknown {
  const {['kubectl.kubernetes.io/last-applied-configuration']: _, ...annotations} =
    object?.metadata.annotations ?? {}
  return {spec: object?.['spec'], annotations, labels: object?.metadata.labels}
}

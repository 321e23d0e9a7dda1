/** Every recorded write that the webhook of a genuine Knative judged: same verdict, same words. */
import {existsSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {readYaml} from '../../../src/util/yaml/read-yaml.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {withoutChanges} from '../../support/golden-refusal.ts'
import {admit, mergePatch, type Verdict} from './admit.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

interface Case {
  readonly case: string
  readonly verb?: 'create' | 'apply'
  readonly input?: string
  readonly cmd?: string
  readonly rc: number
  readonly stdout: string
  readonly stderr: string
}

const cases: Case[] = RECORDINGS.isMet()
  ? goldenText('f-invalid/cases.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : []

/** Who answered, when it was not the webhook. */
function answeredElsewhere({stderr}: Case): string | undefined {
  if (stderr.includes('strict decoding error')) return 'the API server knows the fields'
  if (/^The \w+ ".*" is invalid:/m.test(stderr)) return 'the API server validates the schema'
  if (stderr.includes('(NotFound)')) return 'nothing is written'
  return undefined
}

/** What the webhook said: its message and its warnings, out of what kubectl printed. */
function recordedVerdict({stderr}: Case): {message?: string; warnings: string[]} {
  const warnings = [...stderr.matchAll(/^Warning: (.*)$/gm)]
    .map((match) => match[1] ?? '')
    .filter((warning) => !warning.startsWith('resource '))
  const start = stderr.indexOf('admission webhook "')
  return {warnings, ...(start >= 0 && {message: withoutChanges(stderr.slice(start))})}
}

const BASE: KubeObject = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: {name: 'imm', namespace: 'f-invalid'},
  ...({
    spec: {
      template: {
        metadata: {name: 'imm-v1'},
        spec: {containers: [{image: 'ghcr.io/knative/helloworld-go:latest'}]},
      },
    },
  } as object),
}

/** The objects that the recorded commands change, as the recorded controllers made them. */
async function world(): Promise<Record<string, KubeObject>> {
  const {stored} = await admit(BASE)
  if (stored === undefined) throw new Error('the base Service is fine')
  const {template} = stored['spec'] as {template: {spec: object}}
  const owner = (kind: string, name: string): KubeObject['metadata']['ownerReferences'] => [
    {apiVersion: 'serving.knative.dev/v1', kind, name, uid: 'uid', controller: true},
  ]
  const child = (kind: string, owned: object, spec: object): KubeObject => ({
    apiVersion: 'serving.knative.dev/v1',
    kind,
    metadata: {...stored.metadata, ...owned},
    ...({spec} as object),
  })
  const byService = {
    labels: {'serving.knative.dev/service': 'imm'},
    ownerReferences: owner('Service', 'imm'),
  }
  return {
    ksvc: stored,
    configuration: child('Configuration', byService, {template}),
    route: child('Route', byService, {
      traffic: [{configurationName: 'imm', latestRevision: true, percent: 100}],
    }),
    revision: child(
      'Revision',
      {
        name: 'imm-v1',
        labels: {'serving.knative.dev/configuration': 'imm'},
        ownerReferences: owner('Configuration', 'imm'),
      },
      template.spec,
    ),
    podautoscaler: child(
      'PodAutoscaler',
      {name: 'imm-v1'},
      {
        protocolType: 'http1',
        scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'imm-v1-deployment'},
      },
    ),
  }
}

/** The ConfigMaps of the recorded cluster. */
function configMap(name: string): KubeObject {
  const {items} = readYaml(goldenText('00-install/configmaps.yaml')) as {items: KubeObject[]}
  const found = items.find((item) => item.metadata.name === name)
  if (found === undefined) throw new Error(`${name} is recorded`)
  return found
}

async function replay(recorded: Case): Promise<Verdict> {
  if (recorded.verb === 'create') return admit(inNamespace(recorded.input ?? ''))
  const objects = await world()
  if (recorded.verb === 'apply') {
    const {ksvc} = objects
    const input = inNamespace(recorded.input ?? '')
    return admit(mergePatch(ksvc, input) as KubeObject, ksvc)
  }
  const [, kind = '', name = ''] =
    /(?:patch|label|annotate) (\w+) (\S+)/.exec(recorded.cmd ?? '') ?? []
  const old = kind === 'cm' ? configMap(name) : objects[kind]
  if (old === undefined) throw new Error(`no ${kind} to change`)
  return admit(mergePatch(old, patchOf(recorded.cmd ?? '')) as KubeObject, old)
}

function patchOf(command: string): unknown {
  const json = /-p '(.*)'/.exec(command)?.[1]
  if (json !== undefined) return JSON.parse(json)
  const [, verb = '', key = '', sign = '', value = ''] =
    /(label|annotate) \w+ \S+ (\S+?)([=-])(\S*?)(?: --overwrite)?$/.exec(command) ?? []
  const change = {[key]: sign === '-' ? null : value}
  return {metadata: verb === 'label' ? {labels: change} : {annotations: change}}
}

function inNamespace(input: string): KubeObject {
  // kubectl reads YAML 1.1, in which a bare y is true.
  const object = readYaml(input) as KubeObject
  return {...object, metadata: {...object.metadata, namespace: 'f-invalid'}}
}

describe('the webhook judges like the recorded one', needs(RECORDINGS), () => {
  const judged = cases.filter((recorded) => answeredElsewhere(recorded) === undefined)

  test('at least 160 of the recorded writes reached the webhook', () => {
    expect(judged.length).toBeGreaterThanOrEqual(160)
  })

  test.each(judged.map((recorded) => [recorded.case, recorded] as const))(
    '%s',
    async (_, recorded) => {
      const {warnings, message} = await replay(recorded)
      // kubectl ends the line where the message does not.
      const printed = message?.endsWith('\n') === false ? `${message}\n` : message
      expect({warnings, ...(printed !== undefined && {message: withoutChanges(printed)})}).toEqual(
        recordedVerdict(recorded),
      )
    },
  )
})

describe('what the webhook accepts is stored as recorded', needs(RECORDINGS), () => {
  const accepted = cases.filter(
    (recorded) => recorded.verb === 'create' && existsSync(acceptedPath(recorded.case)),
  )

  test('accepted writes are recorded', () => {
    expect(accepted.length).toBeGreaterThanOrEqual(25)
  })

  test.each(accepted.map((recorded) => [recorded.case, recorded] as const))(
    '%s',
    async (_, recorded) => {
      const {stored} = await replay(recorded)
      const expected: unknown = JSON.parse(goldenText(`f-invalid/accepted-${recorded.case}.json`))
      expect(stored?.['spec']).toEqual(expected)
    },
  )
})

function acceptedPath(name: string): string {
  const root = `${import.meta.dirname}/../../../../shared/golden`
  return `${root}/f-invalid/accepted-${name}.json`
}

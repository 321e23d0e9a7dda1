/** Recorded stories, write by write: what was refused is refused with the same words. */
import {describe, expect, test} from 'vitest'
import {readYamlDocuments} from '../../../src/util/yaml/read-yaml.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {withoutChanges} from '../../support/golden-refusal.ts'
import {admit, mergePatch} from './admit.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const SCENARIOS = [
  's01-multi-container',
  's03-byo-names',
  's04-split-rollback',
  's09-route-configuration',
]

interface Step {
  readonly file: string
  /** What kubectl sent, as far as it printed it. */
  readonly patch?: unknown
  readonly refusal?: string
}

/** The `kubectl apply` of a transcript that reached the webhook. */
function stepsOf(scenario: string): Step[] {
  const transcript = goldenText(`scenarios/${scenario}/transcript.txt`)
  return [...transcript.matchAll(/^\$ kubectl \S+ \S+ apply -f (\S+)\n(.*?)^--- exit/gms)]
    .map(([, file = '', output = '']): Step => {
      const patch = /when applying patch:\n(.*)\nto:/.exec(output)?.[1]
      const start = output.indexOf('admission webhook "')
      return {
        file,
        ...(patch !== undefined && {patch: JSON.parse(patch) as unknown}),
        ...(start >= 0 && {refusal: output.slice(start)}),
      }
    })
    .filter(({file}) => !file.includes('startup-probe'))
}

function comparable(refusal: string | undefined): string | undefined {
  return refusal === undefined ? undefined : withoutChanges(`${refusal.trimEnd()}\n`).trimEnd()
}

describe('the webhook refuses what it refused in a story', needs(RECORDINGS), () => {
  test.each(SCENARIOS)('%s', async (scenario) => {
    const stored = new Map<string, KubeObject>()
    const applied = new Map<string, KubeObject>()
    let refused = 0
    for (const {file, patch, refusal} of stepsOf(scenario)) {
      for (const input of documents(`scenarios/${scenario}/${file}`, scenario)) {
        const key = `${input.kind}/${input.metadata.name}`
        const old = stored.get(key)
        const change = patch ?? applyPatch(applied.get(key), input)
        const wanted = old === undefined ? input : (mergePatch(old, change) as KubeObject)
        const verdict = await admit(wanted, old)
        expect({file, message: comparable(verdict.message)}).toEqual({
          file,
          message: comparable(refusal),
        })
        if (verdict.stored === undefined) {
          refused++
          continue
        }
        stored.set(key, verdict.stored)
        applied.set(key, input)
      }
    }
    expect(refused).toBeGreaterThan(0)
  })
})

/** The merge patch that `kubectl apply` sends: what is new, and null for what is gone. */
function applyPatch(last: unknown, input: unknown): unknown {
  if (!isMap(last) || !isMap(input)) return input
  const gone = Object.keys(last).filter((key) => !(key in input))
  return {
    ...Object.fromEntries(gone.map((key) => [key, null])),
    ...Object.fromEntries(
      Object.entries(input).map(([key, value]) => [key, applyPatch(last[key], value)]),
    ),
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function documents(path: string, namespace: string): KubeObject[] {
  return readYamlDocuments(goldenText(path)).map(({value}) => {
    const object = value as KubeObject
    return {...object, metadata: {...object.metadata, namespace}}
  })
}

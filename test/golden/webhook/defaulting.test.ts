/** What the webhook of a genuine Knative made of an input, field by field. */
import {describe, expect, test} from 'vitest'
import {readYaml} from '../../../src/util/yaml/read-yaml.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {admit} from './admit.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const ACCEPTED = ['minimal', 'full', 'multi-container', 'traffic-implicit', 'configuration-only']

describe('the webhook defaults like the recorded one', needs(RECORDINGS), () => {
  test.each(ACCEPTED)('%s', async (name) => {
    const {stored} = await admit(read(`${name}.in.yaml`))
    const recorded = read(`${name}.out.yaml`)
    expect(stored?.['spec']).toEqual(recorded['spec'])
    expect(stored?.metadata.annotations).toEqual(withoutLastApplied(recorded))
  })

  test('a Route whose targets say no percentage is refused', async () => {
    const {message} = await admit(read('route-only.in.yaml'))
    expect(message).toBe(refusalIn(goldenText('g-defaulting/transcript.txt')))
  })
})

describe('what is stored already stays as it is', needs(RECORDINGS), () => {
  test.each(ACCEPTED)('%s, written again', async (name) => {
    const {stored} = await admit(read(`${name}.in.yaml`))
    if (stored === undefined) throw new Error('it was accepted')
    const again = await admit(stored, stored)
    expect(again.stored).toEqual(stored)
  })
})

function read(file: string): KubeObject & Record<string, unknown> {
  const object = readYaml(goldenText(`g-defaulting/${file}`)) as KubeObject &
    Record<string, unknown>
  return {...object, metadata: {...object.metadata, namespace: 'g-default'}}
}

function withoutLastApplied({metadata}: KubeObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
    ),
  )
}

function refusalIn(transcript: string): string | undefined {
  return /admission webhook .*/.exec(transcript)?.[0]
}

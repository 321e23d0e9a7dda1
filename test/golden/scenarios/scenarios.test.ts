/** Longer recordings of what people do with Services, Routes and Configurations. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {CONFIG_MAPS, SECRETS} from '../../../src/api/core/v1.ts'
import {ROUTES, type Service} from '../../../src/api/serving/v1.ts'
import {createGoldenCluster, type GoldenCluster} from '../../support/golden-cluster.ts'
import {goldenObjects, goldenText} from '../../support/golden-objects.ts'
import {withoutChanges} from '../../support/golden-refusal.ts'
import type {StateLog} from '../../support/golden-states.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

/** A scenario in a namespace of its own; steps and phases go by their file and folder names. */
class Scenario {
  readonly namespace: string
  readonly folder: string
  readonly #world: GoldenCluster
  readonly #states: StateLog
  readonly #problems: string[] = []

  constructor(world: GoldenCluster, name: string) {
    this.#world = world
    this.namespace = `h-${name.slice(0, 3)}`
    this.folder = `scenarios/${name}`
    this.#states = world.follow(this.namespace)
  }

  async apply(step: string): Promise<void> {
    await this.#world.apply(this.namespace, `${this.folder}/${step}.yaml`)
    await this.#world.pause()
  }

  async deploy(service: string, step: string): Promise<void> {
    await this.#world.deploy(this.namespace, `${this.folder}/${step}.yaml`, service)
  }

  /** The server must refuse a step in the words that kubectl printed after its own. */
  async refuse(step: string): Promise<void> {
    const transcript = goldenText(`${this.folder}/transcript.txt`)
    const [, printed = ''] = transcript.split(`apply -f ${step}.yaml\n`)
    const [output = ''] = printed.split('--- exit')
    const message = await this.#world.refusal(this.namespace, `${this.folder}/${step}.yaml`)
    const wanted = withoutChanges(`${message.trimEnd()}\n`).trimEnd()
    if (!withoutChanges(output).trimEnd().endsWith(`: ${wanted}`)) {
      this.#problems.push(`${step}: ${message}`)
    }
  }

  async compare(phase = ''): Promise<void> {
    const found = await this.#world.differences(`${this.folder}/${phase}`, this.namespace)
    this.#problems.push(...found.map((difference) => `${phase}: ${difference}`))
  }

  /** Everything that was different, also in the states that everything passed through. */
  problems(): string[] {
    this.#states.stop()
    return [...this.#problems, ...this.#states.unexpected(`${this.folder}/timeline.jsonl`)]
  }
}

describe('recorded scenarios', needs(RECORDINGS), () => {
  let world: GoldenCluster
  beforeAll(async () => {
    world = await createGoldenCluster()
  })
  afterAll(() => world.stop())

  test('defaults', async () => {
    const namespace = 'g-default'
    await world.createNamespace(namespace)
    await world.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {namespace, name: 'cm1'},
      data: {a: 'b'},
    })
    await world.client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {namespace, name: 's1'},
      data: {a: 'Yg=='},
    })
    for (const name of ['minimal', 'full', 'multi-container', 'traffic-implicit']) {
      await world.apply(namespace, `g-defaulting/${name}.in.yaml`)
    }
    await world.apply(namespace, 'g-defaulting/configuration-only.in.yaml')
    await world.pause(10)
    expect(await world.differences('g-defaulting/objects', namespace)).toEqual([])
  })

  test('several containers', async () => {
    const scenario = await begin('s01-multi-container')
    await scenario.deploy('mc', '1-input')
    await scenario.refuse('2-sidecar-probe')
    await scenario.refuse('3-sidecar-port')
    await scenario.refuse('4-startup-probe')
    await scenario.compare()
    expect(scenario.problems()).toEqual([])
  })

  test('revisions that were given their names', async () => {
    const scenario = await begin('s03-byo-names')
    await scenario.deploy('byo', '1-first')
    await scenario.compare('1-first')
    await scenario.deploy('byo', '2-second')
    await scenario.compare('2-pinned')
    await scenario.refuse('3-same-name-changed')
    await scenario.refuse('4-wrong-prefix')
    await scenario.refuse('5-flip')
    const [flipped] = goldenObjects<Service>(`${scenario.folder}/3-flip`, 'ksvc')
    await world.setTraffic(scenario.namespace, 'byo', flipped?.spec.traffic ?? [])
    await scenario.compare('3-flip')
    await scenario.deploy('byo', '6-name-removed')
    await scenario.compare('4-name-removed')
    expect(scenario.problems()).toEqual([])
  })

  test('a split that is rolled back', async () => {
    const scenario = await begin('s04-split-rollback')
    for (const step of ['1-v1', '2-v2', '3-v3', '4-split']) await scenario.deploy('shop', step)
    await scenario.compare('1-split')
    await scenario.deploy('shop', '5-rollback')
    await scenario.compare('2-rollback')
    await scenario.deploy('shop', '6-v4-while-pinned')
    await scenario.compare('3-v4-while-pinned')
    await scenario.refuse('7-sum-not-100')
    await scenario.refuse('8-dup-tag')
    await scenario.apply('9-missing-rev')
    await scenario.compare('4-missing-rev')
    expect(scenario.problems()).toEqual([])
  })

  test('routes over a configuration', async () => {
    const scenario = await begin('s09-route-configuration')
    await scenario.apply('1-route-first')
    await scenario.compare('1-route-first')
    await scenario.apply('2-configuration')
    await scenario.compare('2-configuration')
    await scenario.apply('3-configuration-v2')
    await scenario.apply('4-second-route')
    await scenario.compare('3-two-routes')
    await scenario.refuse('5-both')
    await scenario.refuse('6-none')
    await world.delete(ROUTES, scenario.namespace, 'front')
    await scenario.compare('4-route-deleted')
    expect(scenario.problems()).toEqual([])
  })

  async function begin(name: string): Promise<Scenario> {
    const scenario = new Scenario(world, name)
    await world.createNamespace(scenario.namespace)
    return scenario
  }
})

import {expect, test} from 'vitest'

import {
  type ContextFactory,
  runPipeline,
  type PipelineEvent,
} from '../../../src/install/pipeline.ts'
import type {InstallContext, Step, StepCheck} from '../../../src/install/step.ts'
import {defaultWishes, settle} from '../../../src/install/settings.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'

function step(id: string, check: StepCheck, log: string[], fails = false): Step {
  return {
    id,
    title: `does ${id}`,
    check: () => Promise.resolve(check),
    plan: () => Promise.resolve({changes: []}),
    apply: () => {
      log.push(`apply ${id}`)
      return fails ? Promise.reject(new Error('no')) : Promise.resolve()
    },
    observe: () => {
      log.push(`observe ${id}`)
      return Promise.resolve({done: true})
    },
  }
}

function context(signal = new AbortController().signal): ContextFactory {
  const settings = settle(defaultWishes('example.com'), {
    embedded: true,
    nodesOnAws: false,
    hasExternalDns: false,
  })
  return (progress) =>
    ({clock: new FakeClock(), signal, settings, progress}) as unknown as InstallContext
}

test('a step that is done is verified but not applied, a skipped one is neither', async () => {
  const log: string[] = []
  const steps = [
    step('a', {state: 'done'}, log),
    step('b', {state: 'skipped', reason: 'no AWS'}, log),
    step('c', {state: 'needed'}, log),
  ]
  await runPipeline(steps, context(), () => undefined)
  expect(log).toEqual(['observe a', 'apply c', 'observe c'])
})

test('the first failure ends the pipeline and is reported for its step', async () => {
  const log: string[] = []
  const events: PipelineEvent[] = []
  const steps = [step('a', {state: 'needed'}, log, true), step('b', {state: 'needed'}, log)]
  await expect(runPipeline(steps, context(), (event) => events.push(event))).rejects.toThrow('no')
  expect(log).toEqual(['apply a'])
  expect(events.map(({type, step: {id}}) => `${type} ${id}`)).toEqual(['started a', 'failed a'])
})

test('an interruption before a step says that running again goes on', async () => {
  const abort = new AbortController()
  abort.abort()
  await expect(
    runPipeline([step('a', {state: 'needed'}, [])], context(abort.signal), () => undefined),
  ).rejects.toMatchObject({code: 'KN_INTERRUPTED', exitCode: 130})
})

test('whoever has to agree is asked once, before the first step that writes', async () => {
  const log: string[] = []
  const steps = [
    {...step('a', {state: 'needed'}, log), onlyReads: true},
    step('b', {state: 'skipped', reason: 'no AWS'}, log),
    step('c', {state: 'needed'}, log),
  ]
  await runPipeline(
    steps,
    context(),
    ({type, step: {id}}) => void log.push(`${type} ${id}`),
    async () => void log.push('asked'),
  )
  expect(log.filter((line) => /^(started|asked)/.test(line))).toEqual([
    'started a',
    'asked',
    'started b',
    'started c',
  ])
  const refusal = async (): Promise<void> => {
    throw new Error('no')
  }
  log.length = 0
  await expect(runPipeline(steps, context(), () => undefined, refusal)).rejects.toThrow('no')
  expect(log).toEqual(['apply a', 'observe a'])
})

import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../src/api/meta/object.ts'
import {
  defaultCronJob,
  defaultJob,
} from '../../../../../src/kubernetes/apiserver/defaulting/workloads.ts'
import {scheduleProblem} from '../../../../../src/kubernetes/apiserver/validation/cron-schedule.ts'
import {
  validateCronJob,
  validateJob,
  validateJobUpdate,
  validateNewCronJob,
} from '../../../../../src/kubernetes/apiserver/validation/jobs.ts'
import {problemsOf} from './problems.ts'

const template = {
  metadata: {labels: {job: 'j'}},
  spec: {restartPolicy: 'Never', containers: [{name: 'c', image: 'i'}]},
}

describe('a schedule', () => {
  test.each([
    '* * * * *',
    '*/5 0-12/2 1,15 jan-dec mon',
    '? 0 * * SUN',
    '@daily',
    '@every 1h30m',
    'TZ=UTC 0 * * * *',
  ])('may be %s', (schedule) => {
    expect(scheduleProblem(schedule)).toBeUndefined()
  })

  test.each([
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['@often', 'unrecognized descriptor: @often'],
    ['TZ=Nowhere * * * * *', 'provided bad location Nowhere: unknown time zone Nowhere'],
  ])('is not %s', (schedule, problem) => {
    expect(scheduleProblem(schedule)).toBe(problem)
  })
})

describe('a Job', () => {
  const selector = {matchLabels: {job: 'j'}}
  function problems(spec: object): string[] {
    const job = {spec: {selector, template: structuredClone(template), ...structuredClone(spec)}}
    defaultJob(job)
    return problemsOf(validateJob(job))
  }

  test.each([
    [{}, []],
    [
      {parallelism: -1},
      ['spec.parallelism: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      {completionMode: 'Indexed', parallelism: 1},
      ['spec.completions: Required value: when completion mode is Indexed'],
    ],
    [
      {completionMode: 'Sorted'},
      [
        'spec.completionMode: Unsupported value: "Sorted": supported values: "NonIndexed", "Indexed"',
      ],
    ],
    [
      {template: {...template, spec: {containers: [{name: 'c', image: 'i'}]}}},
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      {selector: {matchLabels: {job: 'k'}}},
      [
        'spec.template.metadata.labels: Invalid value: {"job":"j"}: `selector` does not match template `labels`',
      ],
    ],
  ])('of %j has %j', (spec, expected) => {
    expect(problems(spec)).toEqual(expected)
  })

  test('keeps the number of its completions, but for an Indexed one that grows', () => {
    const old = {spec: {completions: 1, parallelism: 1}} as unknown as KubeObject
    expect(problemsOf(validateJobUpdate({spec: {completions: 2, parallelism: 1}}, old))).toEqual([
      'spec.completions: Invalid value: 2: field is immutable',
    ])
    const indexed = {completionMode: 'Indexed', completions: 1, parallelism: 1}
    const before = {spec: indexed} as unknown as KubeObject
    const grown = {...indexed, completions: 2}
    expect(problemsOf(validateJobUpdate({spec: grown}, before))).toEqual([
      'spec.completions: Invalid value: 2: can only be modified in tandem with spec.parallelism',
    ])
    expect(validateJobUpdate({spec: {...grown, parallelism: 2}}, before)).toEqual([])
  })
})

describe('a CronJob', () => {
  function problems(spec: object): string[] {
    const jobTemplate = {spec: {template: structuredClone(template)}}
    const object = {metadata: {name: 'c'}, spec: {schedule: '@daily', jobTemplate, ...spec}}
    defaultCronJob(object)
    return problemsOf(validateCronJob(object))
  }

  test.each([
    [{}, []],
    [{schedule: ''}, ['spec.schedule: Required value']],
    [
      {schedule: 'soon'},
      ['spec.schedule: Invalid value: "soon": expected exactly 5 fields, found 1: [soon]'],
    ],
    [
      {schedule: 'TZ=UTC @daily'},
      [
        'spec.schedule: Invalid value: "TZ=UTC @daily": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    ],
    [{timeZone: 'Etc/UTC'}, []],
    [{timeZone: 'Moon'}, ['spec.timeZone: Invalid value: "Moon": unknown time zone Moon']],
    [
      {concurrencyPolicy: 'Race'},
      [
        'spec.concurrencyPolicy: Unsupported value: "Race": supported values: "Allow", "Forbid", "Replace"',
      ],
    ],
    [
      {successfulJobsHistoryLimit: -1},
      ['spec.successfulJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0'],
    ],
  ])('of %j has %j', (spec, expected) => {
    expect(problems(spec)).toEqual(expected)
  })

  test('has a name that leaves room for the time', () => {
    const name = 'n'.repeat(53)
    expect(problemsOf(validateNewCronJob({metadata: {name}}))).toEqual([
      `metadata.name: Invalid value: "${name}": must be no more than 52 characters`,
    ])
  })
})

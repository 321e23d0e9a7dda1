import {describe, expect, test} from 'vitest'
import {describeChanges} from '../../../src/api/describe-changes.ts'

describe('what changed', () => {
  test.each([
    ['nothing, where nothing did', {env: [{name: 'A'}]}, {env: [{name: 'A'}], args: []}, ''],
    [
      'the field inside a list',
      {env: [{name: 'A', value: '1'}]},
      {env: [{name: 'A', value: '2'}]},
      'spec.env[0].value:\n\t-: "1"\n\t+: "2"\n',
    ],
    ['an item that came at the end', {env: ['a']}, {env: ['a', 'b']}, 'spec.env[1]:\n\t+: "b"\n'],
    [
      'an item that went, from where it was',
      {env: ['a', 'b', 'c']},
      {env: ['a', 'c']},
      'spec.env[1]:\n\t-: "b"\n',
    ],
    ['a list that came as a whole', {}, {args: ['a', 'b']}, 'spec.args:\n\t+: ["a","b"]\n'],
    [
      'a key that is no word',
      {annotations: {'a.b/c': '1', gone: 'x'}},
      {annotations: {'a.b/c': '2'}},
      'spec.annotations["a.b/c"]:\n\t-: "1"\n\t+: "2"\nspec.annotations.gone:\n\t-: "x"\n',
    ],
    ['a zero that came', {}, {limit: 0}, 'spec.limit:\n\t+: 0\n'],
    ['a value of another kind', {port: 80}, {port: 'http'}, 'spec.port:\n\t-: 80\n\t+: "http"\n'],
  ])('is %s', (_what, old, current, expected) => {
    expect(describeChanges(old, current, 'spec')).toBe(expected)
  })
})

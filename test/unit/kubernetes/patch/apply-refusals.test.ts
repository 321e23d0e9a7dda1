import {describe, expect, test} from 'vitest'
import {applyConfiguration} from '../../../../src/kubernetes/patch/server-side-apply.ts'
import type {JsonObject} from '../../../../src/util/json.ts'
import {apply, failureOf, request, widget} from './widgets.ts'

describe('a configuration that cannot be applied', () => {
  const prefix = 'failed to create typed patch object (/w; example.com/v1, Kind=Widget): '
  test.each<[string, JsonObject, string]>([
    ['sets an unknown field', {sizes: 1}, '.spec.sizes: field not declared in schema'],
    [
      'has a text for a number',
      {size: 'x'},
      '.spec.size: expected numeric (int or float), got string',
    ],
    [
      'has a text for a list',
      {parts: 'x'},
      '.spec.parts: expected list, got &value.valueUnstructured{Value:"x"}',
    ],
    ['repeats a text', {tags: ['a', 'a']}, '.spec.tags: duplicate entries for key [="a"]'],
    [
      'repeats a key',
      {parts: [{name: 'a'}, {name: 'a', kind: 'plain'}]},
      '.spec.parts: duplicate entries for key [kind="plain",name="a"]',
    ],
    [
      'has two problems',
      {size: 'x', color: 1},
      'errors:\n  .spec.size: expected numeric (int or float), got string\n  .spec.color: expected string, got &value.valueUnstructured{Value:1}',
    ],
  ])('%s', (_name, spec, problem) => {
    const error = failureOf(() => apply(undefined, spec))
    expect(error.status).toMatchObject({code: 500, message: prefix + problem})
    expect(error.status.reason).toBeUndefined()
  })

  test('is of another kind', () => {
    const error = failureOf(() => applyConfiguration({...request(undefined, {}), kind: 'Gadget'}))
    expect(error.status).toMatchObject({
      code: 400,
      message: 'invalid object type: example.com/v1, Kind=Widget',
    })
  })

  test('has managed fields', () => {
    const applied = widget({size: 1})
    applied.metadata.managedFields = []
    const error = failureOf(() => applyConfiguration({...request(undefined, {}), applied}))
    expect(error.status).toMatchObject({code: 400, message: 'metadata.managedFields must be nil'})
  })
})

import {describe, expect, test} from 'vitest'
import {
  disallowedFields,
  fieldError,
  type FieldErrors,
  invalidArrayValue,
  invalidKeyName,
  invalidValue,
  missingField,
  missingOneOf,
  multipleOneOf,
  NO_FIELD_ERRORS,
  outOfBounds,
} from '../../../src/api/field-error.ts'

describe('paths', () => {
  test.each([
    [missingField('foo').viaField('bar'), 'bar.foo'],
    [missingField('').viaField('bar'), 'bar'],
    [missingField('foo').viaIndex(2).viaField('bar'), 'bar[2].foo'],
    [missingField('').viaIndex(0).viaIndex(1).viaField('bar'), 'bar[1][0]'],
    [missingField('foo').viaField('bar').viaIndex(3), '[3].bar.foo'],
    [missingField('foo').viaFieldIndex('bar', 1).viaField('spec'), 'spec.bar[1].foo'],
    [missingField('').viaKey('plain').viaField('bag'), 'bag[plain]'],
    // Upstream cuts at the dots, and then the key no longer looks like one.
    [missingField('').viaKey('a.b/c').viaField('bag'), 'bag.[a.b/c]'],
  ] as [FieldErrors, string][])('%#', (errors, path) => {
    expect(errors.toString()).toBe(`missing field(s): ${path}`)
  })
})

describe('texts', () => {
  test.each([
    [disallowedFields('b', 'a'), 'must not set the field(s): a, b'],
    [invalidValue('x', 'a', 'one', 'two'), 'invalid value: x: a\none, two'],
    [invalidArrayValue('x', 'tag', 1), 'invalid value: x: tag[1]'],
    [invalidKeyName('k"', 'a', 'why'), 'invalid key name "k\\"": a\nwhy'],
    [outOfBounds(5, 1, 3, 'a'), 'expected 1 <= 5 <= 3: a'],
    [missingOneOf('a', 'b'), 'expected exactly one, got neither: a, b'],
    [multipleOneOf('a', 'b'), 'expected exactly one, got both: a, b'],
    [fieldError('alone', []), 'alone: '],
    [NO_FIELD_ERRORS, ''],
  ] as [FieldErrors, string][])('%#', (errors, text) => {
    expect(errors.toString()).toBe(text)
  })

  test('messages are sorted, and the paths of one message come together', () => {
    const errors = missingField('z')
      .also(invalidValue('x', 'b'), missingField('a', 'z'), NO_FIELD_ERRORS)
      .viaField('spec')
    expect(errors.toString()).toBe('invalid value: x: spec.b\nmissing field(s): spec.a, spec.z')
  })

  test('the same message with other details stays apart', () => {
    const errors = fieldError('m', ['a'], 'two').also(fieldError('m', ['b'], 'one'))
    expect(errors.toString()).toBe('m: b\none\nm: a\ntwo')
  })
})

describe('levels', () => {
  const both = missingField('a').also(missingField('b').at('warning'))

  test('warnings and errors are told apart and do not merge', () => {
    expect(both.filter('error').toString()).toBe('missing field(s): a')
    expect(both.filter('warning').toString()).toBe('missing field(s): b')
    expect(both.merged()).toHaveLength(2)
  })

  test('nothing is left when all are of the other level', () => {
    expect(missingField('a').filter('warning').isEmpty).toBe(true)
  })
})

test('nothing costs nothing: adding nothing gives the same object', () => {
  const errors = missingField('a')
  expect(errors.also(NO_FIELD_ERRORS)).toBe(errors)
  expect(NO_FIELD_ERRORS.also(NO_FIELD_ERRORS, errors)).toBe(errors)
  expect(NO_FIELD_ERRORS.viaField('spec')).toBe(NO_FIELD_ERRORS)
})

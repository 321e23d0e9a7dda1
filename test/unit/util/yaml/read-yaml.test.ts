import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {printYaml} from '../../../../src/util/yaml/print-yaml.ts'
import {readYaml, readYamlDocuments} from '../../../../src/util/yaml/read-yaml.ts'

const valueOf = (scalar: string): unknown => (readYaml(`a: 1\nv: ${scalar}\n`) as {v: unknown}).v

describe('readYaml', () => {
  // What `kubectl patch --local -o json` of Kubernetes 1.32 printed for each.
  test.each<[scalar: string, value: unknown]>([
    ['0', 0],
    ['0400', 256],
    ['0o400', 256],
    ['0O400', 256],
    ['-0400', -256],
    ['0_400', 256],
    ['0x1F', 31],
    ['0X1f', 31],
    ['0x_1F', 31],
    ['0b101', 5],
    ['-0b101', -5],
    ['1_0', 10],
    ['1__0', 10],
    ['1_', 1],
    ['_1', '_1'],
    ['08', 8],
    ['09.5', 9.5],
    ['+5', 5],
    ['-0', 0],
    ['+', '+'],
    ['1e3', 1000],
    ['1E+2', 100],
    ['01e3', 1000],
    ['1e400', '1e400'],
    ['.5', 0.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1_000.5', 1000.5],
    ['1,000', '1,000'],
    ['.', '.'],
    ['.e1', '.e1'],
    ['0x', '0x'],
    ['0b12', '0b12'],
    ['0o9', '0o9'],
    ['0x1p4', '0x1p4'],
    ['--1', '--1'],
    ['12:30:45', '12:30:45'],
    ['190:20:30.15', '190:20:30.15'],
    ['2001-12-14', '2001-12-14'],
    ['2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z'],
    ['18446744073709551615', 2 ** 64],
    ['y', true],
    ['Yes', true],
    ['on', true],
    ['yEs', 'yEs'],
    ['n', false],
    ['No', false],
    ['OFF', false],
    ['tRUE', 'tRUE'],
    ['~', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['', null],
    ['<<', '<<'],
    ['=', '='],
    ['infinity', 'infinity'],
    ['"0400"', '0400'],
    ["'yes'", 'yes'],
    ['!!str yes', 'yes'],
    ['!!int "3"', 3],
    ['!!bool "yes"', true],
    ['!!float 3', 3],
    ['!!binary aGVsbG8=', 'hello'],
    ['!foo bar', 'bar'],
    ['! 12', '12'],
    ['!!null ""', null],
    ['[a, b: c]', ['a', {b: 'c'}]],
    ['{a, b: 1}', {a: null, b: 1}],
    ['!!set {a, b}', {a: null, b: null}],
    [String.raw`"\x41\u263A\e"`, 'A☺\u001b'],
    [
      '{1: a, 0400: b, 1.5: c, yes: d, 1e10: f}',
      {1: 'a', 256: 'b', 1.5: 'c', true: 'd', '1e+10': 'f'},
    ],
    ['{__proto__: 1}', JSON.parse('{"__proto__": 1}')],
  ])('reads %s as kubectl does', (scalar, value) => {
    expect(valueOf(scalar)).toEqual(value)
  })

  test.each([
    ['before other fields', '{<<: *r, x: 9}', {x: 9, z: 2}],
    ['behind them, over what they say', '{x: 9, <<: *r}', {x: 1, z: 2}],
    ['a list, the first before the others', '{<<: [*r, *s]}', {x: 1, z: 2, w: 4}],
    ['a map that has no name', '{<<: {a: 1}, b: 2}', {a: 1, b: 2}],
    ['nothing when in quotes', '{"<<": {a: 1}}', {'<<': {a: 1}}],
  ])('merges %s', (_, text, value) => {
    const anchors = 'r: &r {x: 1, z: 2}\ns: &s {x: 3, w: 4}\n'
    expect(readYaml(`${anchors}v: ${text}\n`)).toMatchObject({v: value})
  })

  test('resolves a reference to what stood there last', () => {
    expect(readYaml('- &a 1\n- *a\n- &a 2\n- *a\n- {*a : x}\n')).toEqual([1, 1, 2, 2, {2: 'x'}])
  })

  test('shares nothing between references', () => {
    const [first, second] = readYaml('- &a {b: 1}\n- *a\n') as object[]
    expect(first).toEqual(second)
    expect(first).not.toBe(second)
  })

  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (const name of 'bcdefgh') {
    const before = String.fromCodePoint((name.codePointAt(0) ?? 0) - 1)
    bomb.push(`${name}: &${name} [${Array.from({length: 9}, () => `*${before}`).join(',')}]`)
  }
  const chain = Array.from(
    {length: 30},
    (_, index) =>
      `a${index}: &a${index} ${'['.repeat(90)}${index ? `*a${index - 1}` : 'x'}${']'.repeat(90)}`,
  )

  test.each([
    ['a doubled field', 'v: {a: 1, a: 2}', 'yaml: line 1: key "a" already set in map'],
    ['a doubled number', '1: a\n"1": b', 'yaml: line 2: key "1" already set in map'],
    ['a reference to nothing', 'v: *nope', "yaml: unknown anchor 'nope' referenced"],
    ['a list within itself', 'v: &a [*a]', 'yaml: line 1: anchor value contains itself'],
    ['a map that merges itself', 'v: &a {<<: *a}', 'yaml: line 1: anchor value contains itself'],
    [
      'a merge of a number',
      'v: {<<: 5}',
      'map merge requires map or sequence of maps as the value',
    ],
    ['a key that is null', '~: 1', 'yaml: line 1: unsupported map key of type: null'],
    ['a key that is a list', '? [a]\n: 1', 'yaml: line 1: invalid map key'],
    [
      'another type than the tag',
      'v: !!int abc',
      'yaml: line 1: cannot decode !!str `abc` as a !!int',
    ],
    ['a number without end', 'v: .inf', 'yaml: line 1: .inf is a number that JSON does not have'],
    ['a tab', 'v:\n\ta: 1', 'yaml: line 2: found character that cannot start any token'],
    ['two colons', 'v: a: b', 'yaml: line 1: mapping values are not allowed in this context'],
    ['an open bracket', 'v: [1, 2', "did not find expected ',' or ']'"],
    ['an open brace', 'v: {a: [1], b: 2', "did not find expected ',' or '}'"],
    ['a bracket with nothing after it', 'v: [', 'did not find expected node content'],
    ['a comma with nothing after it', 'v: [1,', 'did not find expected node content'],
    ['a control character', 'v: "a\u0001b"', 'yaml: line 1: control characters are not allowed'],
    ['brackets without end', '['.repeat(20_000), 'yaml: line 1: exceeded max depth of 1000'],
    ['braces without end', '{a: '.repeat(20_000), 'yaml: line 1: exceeded max depth of 1000'],
    ['lists without end', '- '.repeat(20_000), 'yaml: line 1: exceeded max depth of 1000'],
    ['references that add up in depth', chain.join('\n'), 'exceeded max depth of 1000'],
    ['references that multiply', bomb.join('\n'), 'yaml: document contains excessive aliasing'],
    ['a second document', 'a: 1\n---\nb: 2', 'yaml: line 3: expected one document, found more'],
  ])('refuses %s', (_, text, message) => {
    expect(() => readYaml(text)).toThrow(message)
  })

  test('reads back whatever is printed', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({unit: 'binary'}),
      fc.stringMatching(/^[-+.:_0-9a-fxoTZ ]{0,12}$/),
      fc.constantFrom('yes', 'off', 'Y', 'null', '~', '0400', '1_0', '1e3', '0x1f', '12:30:45'),
      fc.constantFrom('2001-01-01', '<<', '=', '---', '- a', 'a: b', 'a\nb', ' a\n', '\n', '\t'),
    )
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        {depthSize: 'small'},
        text.filter((each) => each.isWellFormed()),
        fc.integer(),
        fc.double({noNaN: true, noDefaultInfinity: true}).filter((each) => !Object.is(each, -0)),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(
          text.filter((each) => each.isWellFormed()),
          tie('value'),
          {noNullPrototype: true},
        ),
      ),
    })).value
    fc.assert(
      fc.property(value, (original) => {
        expect(readYaml(printYaml(original)) ?? null).toEqual(original)
      }),
      {numRuns: 100},
    )
  })

  test('reads JSON as what it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({noUnicodeString: false}), (value) => {
        const json = JSON.stringify(value)
        expect(readYaml(json) ?? null).toEqual(JSON.parse(json))
      }),
    )
  })
})

describe('readYamlDocuments', () => {
  test('knows where each document begins', () => {
    expect(readYamlDocuments('# a\na: 1\n---\n---\n\nb: 2\n')).toMatchObject([
      {value: {a: 1}, line: 2},
      {value: null},
      {value: {b: 2}, line: 6},
    ])
  })

  test('counts documents and lines for errors', () => {
    const errorOf = (text: string): unknown => {
      try {
        return readYamlDocuments(text)
      } catch (error) {
        return error
      }
    }
    expect(errorOf('a: 1\n---\nb: [1\n')).toMatchObject({document: 2})
    expect(errorOf('# c\n---\nb: 1\n---\nb: {c: 1, c: 2}\n')).toMatchObject({document: 2, line: 5})
  })
})

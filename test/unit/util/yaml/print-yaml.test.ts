import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readYaml} from '../../../../src/util/yaml/read-yaml.ts'
import {printYaml} from '../../../../src/util/yaml/print-yaml.ts'
import {parseTranscript, readGolden} from '../../../support/cli-transcript.ts'
import {needs, RECORDINGS} from '../../../support/requirements.ts'

describe('printYaml', () => {
  test.each([
    ['plain', 'plain'],
    ['', '""'],
    ['off', '"off"'],
    ['1', '"1"'],
    ['1e3', '"1e3"'],
    ['0x1f', '"0x1f"'],
    ['null', '"null"'],
    ['~', '"~"'],
    ['2026-11-22T13:16:43Z', '"2026-11-22T13:16:43Z"'],
    ['100m', '100m'],
    ['64Mi', '64Mi'],
    ['1.1.1', '1.1.1'],
    ['12:30', '"12:30"'],
    ['- x', "'- x'"],
    ['a: b', "'a: b'"],
    ['a:b', 'a:b'],
    ['a #b', "'a #b'"],
    ['{"a":1}', `'{"a":1}'`],
    ["it's", "it's"],
    ["'quoted'", "'''quoted'''"],
    ['*', "'*'"],
    ['@x', "'@x'"],
    ['trailing ', "'trailing '"],
    ['tab\there', '"tab\\there"'],
    ['bell\u0007', '"bell\\a"'],
    ['Ω', 'Ω'],
  ])('writes the text %j as %s', (text, expected) => {
    expect(printYaml({key: text})).toBe(`key: ${expected}\n`)
  })

  test('writes texts of several lines as blocks that keep their last newlines', () => {
    expect(printYaml({key: 'a\nb'})).toBe('key: |-\n  a\n  b\n')
    expect(printYaml({key: 'a\n\nb\n'})).toBe('key: |\n  a\n\n  b\n')
    expect(printYaml({key: 'a\n\n'})).toBe('key: |+\n  a\n\n')
  })

  test('sorts fields and begins lists in the column of their name', () => {
    expect(printYaml({b: [{y: 1, x: [true, null]}, []], a: {}})).toBe(
      'a: {}\nb:\n- x:\n  - true\n  - null\n  "y": 1\n- []\n',
    )
  })

  test('is read back as the value it was made from', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        {depthSize: 'small'},
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value'), {noNullPrototype: true}),
      ),
    })).value
    fc.assert(
      fc.property(value, (original) => {
        expect(readYaml(printYaml(original))).toEqual(original)
      }),
    )
  })

  test('equals what kn printed, document by document', needs(RECORDINGS), () => {
    const documents = parseTranscript(readGolden('j-kn/transcript.txt'))
      .filter(({command, exitCode}) => command.includes('-o yaml') && exitCode === 0)
      .map(({stdout}) => stdout)
    expect(documents.length).toBeGreaterThan(5)
    for (const document of documents) expect(printYaml(readYaml(document))).toBe(document)
  })
})

import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../src/api/meta/object.ts'
import {applyConfiguration} from '../../../../src/kubernetes/patch/server-side-apply.ts'
import type {JsonObject} from '../../../../src/util/json.ts'
import {apply, request, sorted, specOf, update, widget} from './widgets.ts'

describe('any configurations', () => {
  test('applied twice change nothing the second time', () => {
    fc.assert(
      fc.property(spec, spec, spec, (first, second, third) => {
        const before = update(apply(undefined, first), second, 'editor')
        const once = apply(before, third, {force: true, time: 'T2'})
        expect(apply(once, third, {time: 'T3'})).toEqual(once)
      }),
    )
  })

  test('end as the last one when nobody else writes', () => {
    fc.assert(
      fc.property(fc.array(spec, {minLength: 1, maxLength: 4}), (specs) => {
        let live: KubeObject | undefined
        for (const each of specs) live = apply(live, each, {force: true})
        const alone = apply(undefined, specs.at(-1) ?? {})
        expect(live?.metadata.managedFields).toEqual(alone.metadata.managedFields)
        for (const [name, value] of Object.entries(specs.at(-1) ?? {})) {
          expect(sorted(specOf(live)[name])).toEqual(sorted(value))
        }
      }),
    )
  })

  test('change no input', () => {
    fc.assert(
      fc.property(spec, spec, (first, second) => {
        const live = apply(undefined, first)
        const applied = widget(second)
        const before = structuredClone({live, applied})
        applyConfiguration({...request(live, second), applied, force: true})
        expect({live, applied}).toEqual(before)
      }),
    )
  })
})

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'))
const value = fc.constantFrom('1', '2')
const spec: fc.Arbitrary<JsonObject> = fc.record(
  {
    size: fc.integer({min: 0, max: 2}),
    labels: fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), value, {noNullPrototype: true}),
    whole: fc.dictionary(fc.constantFrom('a', 'b'), value, {noNullPrototype: true}),
    list: fc.array(value, {maxLength: 2}),
    tags: names,
    parts: names.chain((list) =>
      fc.tuple(
        ...list.map((name) =>
          fc.record({name: fc.constant(name), value, note: value}, {requiredKeys: ['name']}),
        ),
      ),
    ),
    anything: fc.dictionary(fc.constantFrom('x', 'y'), fc.oneof(value, fc.record({deep: value})), {
      noNullPrototype: true,
    }),
  },
  {requiredKeys: []},
)

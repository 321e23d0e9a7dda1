import {describe, expect, test} from 'vitest'
import type {UnknownObject} from '../../../src/api/meta/object.ts'
import {renderPreview} from '../../../src/ui/preview-text.ts'

const STYLE = {mode: 'server', diff: true, colour: false} as const

function anObject(kind: string, fields: Record<string, unknown>): UnknownObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {name: 'one', namespace: 'shop', resourceVersion: String(Math.random())},
    ...fields,
  }
}

describe('renderPreview', () => {
  test('says that nothing would be changed', () => {
    expect(renderPreview([], STYLE)).toBe('Nothing would be changed (server dry run).\n')
  })

  test('takes another version of the same for no change', () => {
    const before = anObject('ConfigMap', {data: {a: 'b'}})
    const after = anObject('ConfigMap', {data: {a: 'b'}})
    expect(renderPreview([{before, after}], STYLE)).toBe(
      "ConfigMap 'one' in namespace 'shop' would stay as it is (server dry run).\n",
    )
  })

  test('shows the difference as YAML', () => {
    const before = anObject('ConfigMap', {data: {a: 'b'}})
    const after = anObject('ConfigMap', {data: {a: 'c'}})
    expect(renderPreview([{before, after}], STYLE)).toBe(
      [
        "ConfigMap 'one' in namespace 'shop' would be updated (server dry run).",
        '--- configmap/one (as it is)',
        '+++ configmap/one (as it would be)',
        '@@ -1,6 +1,6 @@',
        ' apiVersion: v1',
        ' data:',
        '-  a: b',
        '+  a: c',
        ' kind: ConfigMap',
        ' metadata:',
        '   name: one',
        '',
      ].join('\n'),
    )
  })

  test('colours what comes and what goes, if that is asked for', () => {
    const before = anObject('ConfigMap', {data: {a: 'b'}})
    const text = renderPreview([{before, after: undefined}], {...STYLE, colour: true})
    expect(text).toContain('\u{1b}[31m-kind: ConfigMap\u{1b}[0m\n')
    expect(text).toContain('\u{1b}[32m+++ /dev/null\u{1b}[0m\n')
  })

  test('tells that a secret changes, not what it is', () => {
    const before = anObject('Secret', {data: {a: 'b2xk', same: 'c2FtZQ=='}})
    const after = anObject('Secret', {data: {a: 'bmV3', same: 'c2FtZQ=='}})
    const text = renderPreview([{before, after}], STYLE)
    expect(text).toContain("-  a: '*** (as it is)'\n+  a: '*** (as it would be)'\n   same: '***'\n")
    expect(text).not.toMatch(/b2xk|bmV3|c2FtZQ/)
  })
})

import {describe, expect, test} from 'vitest'
import {checkTag} from '../../../../src/operations/traffic/tag-traffic.ts'

describe('checkTag', () => {
  test.each(['candidate', '@latest=candidate', 'gen:3=v1-2', 'a'])('takes %j', (text) => {
    expect(() => checkTag(text)).not.toThrow()
  })

  test.each(['', '=x', 'a=', 'a=b=c', 'a=B', 'a=-b', 'a=b_c', `a=${'x'.repeat(64)}`])(
    'refuses %j',
    (text) => {
      expect(() => checkTag(text)).toThrow(`"${text}" is not REVISION=TAG`)
    },
  )
})

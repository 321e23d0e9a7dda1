import {describe, expect, test} from 'vitest'

import {defaultDomains, domainPatch} from '../../../src/install/config/domains.ts'
import type {DomainSetting} from '../../../src/install/settings.ts'

const all = (name: string): DomainSetting => ({name, selector: {}})

describe('domainPatch', () => {
  test('adds the domain to an empty config-domain', () => {
    expect(domainPatch(undefined, [all('knative.example.com')])).toEqual({
      'knative.example.com': '',
    })
  })

  test('removes other default domains, because the one that sorts first would win', () => {
    expect(domainPatch({localhost: '', 'zoo.example.com': ''}, [all('zoo.example.com')])).toEqual({
      localhost: null,
    })
  })

  test('keeps domains with a selector and the example', () => {
    const data = {_example: '', 'internal.example.com': 'selector:\n  app: internal\n'}
    expect(domainPatch(data, [all('knative.example.com')])).toEqual({'knative.example.com': ''})
  })

  test('changes nothing when the domain is the only default', () => {
    expect(domainPatch({'knative.example.com': ''}, [all('knative.example.com')])).toEqual({})
  })
})

test('a domain with a selector is not a default domain', () => {
  expect(defaultDomains({a: '', b: 'selector: {x: y}', _example: ''})).toEqual(['a'])
})

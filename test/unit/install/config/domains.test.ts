import {describe, expect, test} from 'vitest'

import {
  defaultDomains,
  domainPatch,
  domainsProblem,
  parseDomain,
} from '../../../../src/install/config/domains.ts'
import type {DomainSetting} from '../../../../src/install/settings.ts'

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

describe('parseDomain', () => {
  test('reads labels after a colon', () => {
    expect(parseDomain('apps.example.com:app=web,tier=front')).toEqual({
      name: 'apps.example.com',
      selector: {app: 'web', tier: 'front'},
    })
  })

  test.each([
    ['apps.example.com:', '"" in "apps.example.com:" is not a label with its value, like app=web'],
    [
      'apps.example.com:app',
      '"app" in "apps.example.com:app" is not a label with its value, like app=web',
    ],
    [
      '*.example.com',
      '"*.example.com" cannot be the domain of services: drop the "*.": example.com',
    ],
  ])('%s', (text, problem) => {
    expect(parseDomain(text)).toEqual({problem})
  })
})

describe('domains together', () => {
  const labelled: DomainSetting = {name: 'b.example.com', selector: {app: 'web'}}

  test.each([
    [[all('a.example.com')], undefined],
    [[all('a.example.com'), labelled], undefined],
    [[all('a.example.com'), all('a.example.com')], '"a.example.com" is given twice'],
    [
      [labelled],
      'one domain has to be without a selector, for the services that none of the others fits',
    ],
    [
      [all('b.example.com'), all('a.example.com')],
      '"a.example.com" and "b.example.com" are both for all services: Knative would use "a.example.com" for every one; give the other a selector: b.example.com:app=web',
    ],
  ])('%j', (domains, problem) => {
    expect(domainsProblem(domains)).toBe(problem)
  })

  test('a domain with labels is written as Knative reads it, and then is as it should be', () => {
    const domains = [all('a.example.com'), labelled]
    const patch = domainPatch({}, domains)
    expect(patch).toEqual({
      'a.example.com': '',
      'b.example.com': 'selector:\n  app: "web"\n',
    })
    expect(domainPatch(patch as Record<string, string>, domains)).toEqual({})
  })

  test('other labels are written over', () => {
    const data = {'a.example.com': '', 'b.example.com': 'selector: {app: api}'}
    expect(domainPatch(data, [all('a.example.com'), labelled])).toEqual({
      'b.example.com': 'selector:\n  app: "web"\n',
    })
  })
})

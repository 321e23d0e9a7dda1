import {describe, expect, test} from 'vitest'
import {
  cIdentifierProblems,
  dns1035LabelProblems,
  dns1035PrefixProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  qualifiedNameProblems,
} from '../../../src/api/name-rules.ts'

const RULES = {
  dns1035: dns1035LabelProblems,
  prefix1035: dns1035PrefixProblems,
  dns1123: dns1123LabelProblems,
  subdomain: dns1123SubdomainProblems,
  qualified: qualifiedNameProblems,
  identifier: cIdentifierProblems,
}

describe('names', () => {
  test.each([
    ['dns1035', 'a-1'],
    ['prefix1035', 'web-'],
    ['dns1123', '1-a'],
    ['subdomain', '1.a-b.c'],
    ['qualified', 'example.com/My_Name.1'],
    ['qualified', 'A'],
    ['identifier', '_Kind1'],
  ] as const)('%s takes %s', (rule, name) => {
    expect(RULES[rule](name)).toEqual([])
  })

  test.each([
    ['dns1035', '1a', 'a DNS-1035 label must'],
    ['dns1035', 'a'.repeat(64), 'must be no more than 63 characters'],
    ['prefix1035', 'We-', 'a DNS-1035 label must'],
    ['dns1123', 'a.b', 'must not contain dots'],
    ['dns1123', 'A', 'a lowercase RFC 1123 label must'],
    ['subdomain', 'a..b', 'a lowercase RFC 1123 subdomain must'],
    ['subdomain', 'a'.repeat(254), 'must be no more than 253 characters'],
    ['qualified', '/a', 'prefix part must be non-empty'],
    ['qualified', 'A_b/c', 'prefix part a lowercase RFC 1123 subdomain must'],
    ['qualified', 'a/', 'name part must be non-empty'],
    ['qualified', 'a/b/c', 'a qualified name must consist of'],
    ['qualified', 'b'.repeat(64), 'name part must be no more than 63 characters'],
    ['identifier', '1', 'a valid C identifier must'],
  ] as const)('%s refuses %s', (rule, name, problem) => {
    expect(RULES[rule](name)[0]).toContain(problem)
  })

  test('several examples are joined as Kubernetes joins them', () => {
    expect(dns1035LabelProblems('A')).toEqual([
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ])
  })
})

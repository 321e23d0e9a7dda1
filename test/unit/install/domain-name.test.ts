import {expect, test} from 'vitest'
import {domainProblem} from '../../../src/install/domain-name.ts'

test.each([
  ['knative.example.com', undefined],
  ['localhost', undefined],
  ['127.0.0.1.sslip.io', undefined],
  ['xn--bcher-kva.example', undefined],
  ['', 'it is empty'],
  ['*.knative.example.com', 'drop the "*.": knative.example.com'],
  ['https://knative.example.com', 'it is a URL; give only its host'],
  ['Knative.Example.com', 'it has capital letters: knative.example.com'],
  ['knative.example.com.', 'drop the dot at its end: knative.example.com'],
  ['knative..example.com', 'it has two dots in a row or begins with a dot'],
  [
    'kna_tive.example.com',
    'its part "kna_tive" may only have letters, digits and dashes, and no dash at an end',
  ],
  [
    '-a.example.com',
    'its part "-a" may only have letters, digits and dashes, and no dash at an end',
  ],
  [`${'a'.repeat(64)}.com`, `its part "${'a'.repeat(64)}" has 64 characters; 63 fit`],
  [
    `${'a.'.repeat(125)}com`,
    'it has 253 characters; with a name and a namespace before it, 249 fit',
  ],
  ['10.0.0.1', 'it is an IP address; Services are told apart by host names'],
  ['svc.cluster.local', 'Services under it are reachable only within the cluster'],
])('%s: %s', (domain, problem) => {
  expect(domainProblem(domain)).toBe(problem)
})

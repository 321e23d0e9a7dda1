import {describe, expect, test} from 'vitest'
import {
  compareVersions,
  judgeVersions,
  KNATIVE_RELEASES,
  knativeRelease,
  parseVersion,
  upgradePath,
  type Version,
} from '../../../src/install/versions.ts'

function version(text: string): Version {
  const parsed = parseVersion(text)
  if (parsed === undefined) throw new Error(text)
  return parsed
}

test.each([
  ['1.13.1', {major: 1, minor: 13, patch: 1}],
  ['v1.27.7-eks-4f4795d', {major: 1, minor: 27, patch: 7}],
  ['knative-v1.13.1', {major: 1, minor: 13, patch: 1}],
  ['v1.36.2+kntool', {major: 1, minor: 36, patch: 2}],
  ['1.20', {major: 1, minor: 20, patch: 0}],
  ['latest', undefined],
  ['1', undefined],
  ['1.13.1.2', undefined],
])('%s', (text, expected) => {
  expect(parseVersion(text)).toEqual(expected)
})

test('1.9 is older than 1.13', () => {
  expect(compareVersions(version('1.9.9'), version('1.13.0'))).toBeLessThan(0)
})

describe('what goes together', () => {
  test.each([
    [
      '1.26.9',
      '1.13',
      '1.20.3',
      'impossible',
      'Kubernetes 1.26 is older than 1.27, which Knative 1.13 needs.',
    ],
    ['1.27.0', '1.13', '1.20.3', 'fine', 'Kubernetes 1.27 suits Knative 1.13 and Istio 1.20.'],
    [
      'v1.29.9-eks-1',
      '1.13',
      '1.20.3',
      'fine',
      'Kubernetes 1.29 suits Knative 1.13 and Istio 1.20.',
    ],
    [
      '1.30.0',
      '1.13',
      '1.20.3',
      'untested',
      'Istio 1.20 is tested on Kubernetes 1.25 to 1.29; this is 1.30.',
    ],
    [
      '1.33.0',
      '1.13',
      '2.0.0',
      'untested',
      'Nothing is known here about Istio 2.0 on Kubernetes 1.33.',
    ],
  ])('Kubernetes %s, Knative %s, Istio %s', (...[kubernetes, knative, istio, result, message]) => {
    const release = knativeRelease(version(knative))
    if (release === undefined) throw new Error(knative)
    expect(judgeVersions(version(kubernetes), release, version(istio))).toEqual({result, message})
  })
})

describe('the way to another version', () => {
  test.each([
    ['1.13.1', '1.13.1', []],
    ['1.13.0', '1.13.1', ['1.13.1']],
    ['1.13.1', '1.14.2', ['1.14.2']],
    ['1.13.1', '1.16.3', ['1.14.0', '1.15.0', '1.16.3']],
  ])('%s to %s', (from, to, hops) => {
    expect(upgradePath(version(from), version(to))).toEqual({possible: true, hops})
  })

  test.each([
    ['1.13.1', '1.13.0', '1.13.0 is older than the installed 1.13.1'],
    ['1.13.1', '1.99.0', 'nothing is known here about Knative 1.99'],
    ['1.5.0', '1.13.1', 'nothing is known here about the installed Knative 1.5.0'],
  ])('%s to %s is none', (from, to, why) => {
    expect(upgradePath(version(from), version(to))).toEqual({possible: false, why})
  })

  test('never skips a minor', () => {
    const first = version('1.11.0')
    const last = version(KNATIVE_RELEASES.at(-1)?.latest ?? '')
    const path = upgradePath(first, last)
    const minors = path.possible ? path.hops.map((hop) => version(hop).minor) : []
    expect(minors).toEqual(KNATIVE_RELEASES.slice(1).map(({minor}) => version(minor).minor))
  })
})

import {describe, expect, test} from 'vitest'
import {validateAccessReview} from '../../../../../src/kubernetes/kinds/authorization/validation.ts'
import {problemsOf} from '../problems.ts'

describe('a question about access', () => {
  const resourceAttributes = {verb: 'get', resource: 'pods', namespace: 'n'}
  const nonResourceAttributes = {path: '/x', verb: 'get'}
  const BOTH =
    'spec.nonResourceAttributes: Invalid value: {"path":"/x","verb":"get"}: cannot be specified in combination with resourceAttributes'

  test.each<[kind: string, spec: object, expected: readonly string[]]>([
    ['SelfSubjectAccessReview', {resourceAttributes}, []],
    [
      'SelfSubjectAccessReview',
      {},
      [
        'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ],
    ],
    ['SelfSubjectAccessReview', {resourceAttributes, nonResourceAttributes}, [BOTH]],
    [
      'SubjectAccessReview',
      {resourceAttributes},
      ['spec.user: Invalid value: "": at least one of user or group must be specified'],
    ],
    ['LocalSubjectAccessReview', {user: 'u', resourceAttributes}, []],
    [
      'LocalSubjectAccessReview',
      {user: 'u', resourceAttributes: {...resourceAttributes, namespace: 'm'}},
      ['spec.resourceAttributes.namespace: Invalid value: "m": must match metadata.namespace'],
    ],
  ])('of kind %s with %j has %j', (kind, spec, expected) => {
    expect(problemsOf(validateAccessReview({spec}, kind, 'n'))).toEqual(expected)
  })
})

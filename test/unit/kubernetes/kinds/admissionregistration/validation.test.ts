import {describe, expect, test} from 'vitest'
import {validateWebhookConfiguration} from '../../../../../src/kubernetes/kinds/admissionregistration/validation.ts'
import {problemsOf} from '../problems.ts'

const rule = {operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods']}
const webhook = {
  name: 'hook.example.com',
  clientConfig: {url: 'https://example.com/hook'},
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  rules: [rule],
}

function problems(...changes: object[]): string[] {
  const webhooks = changes.map((change) => ({...webhook, ...change}))
  return problemsOf(validateWebhookConfiguration({webhooks}))
}

const AT = 'webhooks[0]'
const FORM = '; desired format: https://host[/path]'

describe('a webhook', () => {
  test.each<[change: object, expected: readonly string[]]>([
    [{}, []],
    [{clientConfig: {service: {name: 's', namespace: 'n', port: 443, path: '/a/b'}}}, []],
    [{name: ''}, [`${AT}.name: Required value`]],
    [
      {name: 'a.b'},
      [
        `${AT}.name: Invalid value: "a.b": should be a domain with at least three segments separated by dots`,
      ],
    ],
    [
      {sideEffects: undefined},
      [`${AT}.sideEffects: Required value: must specify one of None, NoneOnDryRun`],
    ],
    [
      {sideEffects: 'Some'},
      [`${AT}.sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"`],
    ],
    [
      {timeoutSeconds: 31},
      [
        `${AT}.timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds`,
      ],
    ],
    [
      {admissionReviewVersions: []},
      [`${AT}.admissionReviewVersions: Required value: must specify one of v1, v1beta1`],
    ],
    [
      {admissionReviewVersions: ['v2']},
      [
        `${AT}.admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1`,
      ],
    ],
    [
      {clientConfig: {}},
      [`${AT}.clientConfig: Required value: exactly one of url or service is required`],
    ],
    [
      {clientConfig: {url: 'http://example.com?a=b'}},
      [
        `${AT}.clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme${FORM}`,
        `${AT}.clientConfig.url: Invalid value: "a=b": query parameters are not permitted in the URL`,
      ],
    ],
    [{clientConfig: {url: 'http://127.0.0.1:8080/'}}, []],
    [
      {clientConfig: {service: {name: 's', namespace: 'n', port: 443, path: 'a/b'}}},
      [
        `${AT}.clientConfig.service.path: Invalid value: "a/b": must start with a '/'`,
        `${AT}.clientConfig.service.path: Invalid value: "a/b": segment[0] may not be empty`,
      ],
    ],
    [
      {rules: [{...rule, operations: ['*', 'READ'], resources: ['*', 'pods']}]},
      [
        `${AT}.rules[0].operations: Invalid value: ["*","READ"]: if '*' is present, must not specify other operations`,
        `${AT}.rules[0].operations[1]: Unsupported value: "READ": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"`,
        `${AT}.rules[0].resources: Invalid value: ["*","pods"]: if '*' is present, must not specify other resources without subresources`,
      ],
    ],
  ])('of %j has %j', (change, expected) => {
    expect(problems(change)).toEqual(expected)
  })

  test('has a name of its own', () => {
    expect(problems({}, {})).toEqual(['webhooks[1].name: Duplicate value: "hook.example.com"'])
  })
})

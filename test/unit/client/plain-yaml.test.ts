import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parse, stringify} from 'yaml'
import {parsePlainYaml} from '../../../src/client/plain-yaml.ts'

const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: eks
clusters:
- name: eks
  cluster:
    server: https://ABC.gr7.eu-central-1.eks.amazonaws.com
    certificate-authority-data: LS0tLS1CRUdJTi==
contexts:
  - context:
      cluster: eks
      user: arn:aws:eks:eu-central-1:123:cluster/x
    name: eks
users:
- name: arn:aws:eks:eu-central-1:123:cluster/x
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - eu-central-1
      - eks
      command: aws
      env: null
      interactiveMode: IfAvailable
      provideClusterInfo: false
preferences: {}
`

describe('parsePlainYaml', () => {
  test('reads a kubeconfig as the real parser does', () => {
    expect(parsePlainYaml(KUBECONFIG)).toEqual(parse(KUBECONFIG))
  })

  test.each([
    ['a flow collection', 'a: {b: c}'],
    ['a block scalar', 'a: |\n  text\n'],
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['a comment behind a value', 'a: b # comment'],
    ['a text over several lines', 'a: one\n  two\n'],
    ['escapes', 'a: "x\\n"'],
    ['a float', 'a: 1.5'],
    ['a number of another base', 'a: 0x1F'],
    ['a number with an exponent', 'a: 1e3'],
    ['infinity', 'a: .inf'],
    ['a list in a line of a list', 'a:\n  - - b'],
    ['another boolean', 'a: yes'],
    ['two documents', 'a: 1\n---\nb: 2\n...'],
    ['a tab', 'a:\n\tb: 1'],
    ['a mapping in a value', 'a: b: c'],
  ])('gives up on %s', (_, text) => {
    expect(parsePlainYaml(text)).toBeUndefined()
  })

  test('never disagrees with the real parser', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        {depthSize: 'small'},
        fc.string(),
        fc.string({unit: 'grapheme-ascii'}),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value'), {noNullPrototype: true}),
      ),
    })).value
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value, {noNullPrototype: true}), (original) => {
        const text = stringify(original)
        const real: unknown = parse(text)
        expect(parsePlainYaml(text) ?? real).toEqual(real)
      }),
      {numRuns: 500},
    )
  })
})

import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../../src/api/meta/object.ts'
import {defaultPod} from '../../../../../../src/kubernetes/kinds/core/pod-spec/defaults.ts'
import type {JsonObject} from '../../../../../../src/kubernetes/apiserver/json-value.ts'
import {
  validatePod,
  validatePodUpdate,
} from '../../../../../../src/kubernetes/kinds/core/pod/validation.ts'
import {problemsOf} from '../../problems.ts'

function pod(spec: object): JsonObject {
  const object = {metadata: {name: 'p'}, spec: {containers: [{name: 'c', image: 'i'}], ...spec}}
  defaultPod(object)
  return object
}

const TOLERATION = 'spec.tolerations[0]'
const SPREAD = 'spec.topologySpreadConstraints[0]'
const SECURITY = 'spec.securityContext'

describe('a toleration', () => {
  test.each<[toleration: object, expected: readonly string[]]>([
    [{operator: 'Exists'}, []],
    [{key: 'a', value: 'b', effect: 'NoExecute', tolerationSeconds: 3}, []],
    [
      {operator: 'Equal'},
      [
        `${TOLERATION}.operator: Invalid value: "Equal": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`,
      ],
    ],
    [
      {key: 'a', effect: 'NoSchedule', tolerationSeconds: 3},
      [
        `${TOLERATION}.effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
      ],
    ],
    [
      {key: 'a', operator: 'Exists', value: 'v'},
      [
        `${TOLERATION}.operator: Invalid value: {"Key":"a","Operator":"Exists","Value":"v","Effect":"","TolerationSeconds":null}: value must be empty when \`operator\` is 'Exists'`,
      ],
    ],
    [
      {key: 'a', operator: 'In', effect: 'Never'},
      [
        `${TOLERATION}.operator: Unsupported value: "In": supported values: "Equal", "Exists"`,
        `${TOLERATION}.effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
      ],
    ],
  ])('%j has %j', (toleration, expected) => {
    expect(problemsOf(validatePod(pod({tolerations: [toleration]})))).toEqual(expected)
  })

  const tolerations = [{key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 3}]

  test.each<[change: readonly object[], expected: readonly string[]]>([
    [
      [
        {...tolerations[0], tolerationSeconds: 9},
        {key: 'b', operator: 'Exists'},
      ],
      [],
    ],
    [
      [],
      [
        'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
      ],
    ],
  ])('of a pod that is there may change to %j with %j', (change, expected) => {
    const old = pod({tolerations}) as unknown as KubeObject
    expect(problemsOf(validatePodUpdate(pod({tolerations: change}), old))).toEqual(expected)
  })
})

describe('a constraint on how pods spread', () => {
  const valid = {maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule'}

  test.each<[constraints: readonly object[], expected: readonly string[]]>([
    [[{...valid, minDomains: 2, labelSelector: {matchLabels: {a: 'b'}}}], []],
    [
      [{}],
      [
        `${SPREAD}.maxSkew: Invalid value: 0: must be greater than zero`,
        `${SPREAD}.topologyKey: Required value: can not be empty`,
        `${SPREAD}.whenUnsatisfiable: Unsupported value: "": supported values: "DoNotSchedule", "ScheduleAnyway"`,
      ],
    ],
    [
      [valid, valid],
      [`${SPREAD}.{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"`],
    ],
    [
      [{...valid, whenUnsatisfiable: 'ScheduleAnyway', minDomains: 0, nodeTaintsPolicy: 'Obey'}],
      [
        `${SPREAD}.minDomains: Invalid value: 0: must be greater than zero`,
        `${SPREAD}.minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway`,
        `${SPREAD}.nodeTaintsPolicy: Unsupported value: "Obey": supported values: "Honor", "Ignore"`,
      ],
    ],
    [
      [{...valid, matchLabelKeys: ['a'], labelSelector: {matchLabels: {a: 'b'}}}],
      [
        `${SPREAD}.matchLabelKeys[0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector`,
      ],
    ],
  ])('%j has %j', (topologySpreadConstraints, expected) => {
    expect(problemsOf(validatePod(pod({topologySpreadConstraints})))).toEqual(expected)
  })
})

describe('a pod', () => {
  const TOO_LARGE = 'must be between 0 and 2147483647, inclusive'

  test.each<[spec: object, expected: readonly string[]]>([
    [{hostAliases: [{ip: '::1', hostnames: ['a', 'b.c']}]}, []],
    [
      {hostAliases: [{ip: 'x'}]},
      [
        'spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    ],
    [
      {
        securityContext: {
          runAsUser: -1,
          fsGroup: 2_147_483_648,
          supplementalGroups: [1, -2],
          fsGroupChangePolicy: 'Never',
        },
      },
      [
        `${SECURITY}.fsGroup: Invalid value: 2147483648: ${TOO_LARGE}`,
        `${SECURITY}.runAsUser: Invalid value: -1: ${TOO_LARGE}`,
        `${SECURITY}.supplementalGroups[1]: Invalid value: -2: ${TOO_LARGE}`,
        `${SECURITY}.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"`,
      ],
    ],
    [
      {hostPID: true, shareProcessNamespace: true},
      [
        `${SECURITY}.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled`,
      ],
    ],
    [{securityContext: {seccompProfile: {type: 'RuntimeDefault'}}}, []],
    [
      {securityContext: {seccompProfile: {type: 'Localhost'}}},
      [
        `${SECURITY}.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
      ],
    ],
    [
      {
        containers: [
          {
            name: 'c',
            image: 'i',
            securityContext: {runAsGroup: -1, seccompProfile: {type: 'Strict'}},
          },
        ],
      },
      [
        `spec.containers[0].securityContext.runAsGroup: Invalid value: -1: ${TOO_LARGE}`,
        'spec.containers[0].securityContext.seccompProfile.type: Unsupported value: "Strict": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
      ],
    ],
  ])('with %j has %j', (spec, expected) => {
    expect(problemsOf(validatePod(pod(spec)))).toEqual(expected)
  })

  test('gives other names to addresses as DNS has them', () => {
    const [problem] = validatePod(pod({hostAliases: [{ip: '1.2.3.4', hostnames: ['a', 'B_']}]}))
    expect(problem).toMatchObject({
      reason: 'FieldValueInvalid',
      field: 'spec.hostAliases[0].hostnames[1]',
    })
  })
})

import {describe, expect, test} from 'vitest'
import {roundTrip} from '../../../../src/api/go-types/round-trip.ts'
import {KIND_TYPES, REVISION_SPEC} from '../../../../src/api/go-types/serving.ts'
import {shortDiff} from '../../../../src/api/go-types/short-diff.ts'

/** The spec of a Revision as it would be stored. */
function revisionSpec(container: object, pod: object = {}): unknown {
  const object = {spec: {...pod, containers: [{name: 'c', image: 'i', ...container}]}}
  roundTrip(KIND_TYPES.Revision, object)
  return object.spec
}

function diff(before: object, after: object): string {
  return shortDiff(REVISION_SPEC, revisionSpec(before), revisionSpec(after), {root: 'value'})
}

const AT = '{v1.RevisionSpec}.PodSpec.Containers[0]'

describe('what changed', () => {
  test('is nothing when nothing did', () => {
    expect(diff({env: [{name: 'A', value: '1'}]}, {env: [{name: 'A', value: '1'}]})).toBe('')
  })

  test('names the field inside a list', () => {
    expect(diff({env: [{name: 'A', value: '1'}]}, {env: [{name: 'A', value: '2'}]})).toBe(
      `${AT}.Env[0].Value:\n\t-: "1"\n\t+: "2"\n`,
    )
  })

  test('tells an item that came at the end', () => {
    const first = {name: 'A', value: '1'}
    expect(diff({env: [first]}, {env: [first, {name: 'B', value: '2'}]})).toBe(
      `${AT}.Env[?->1]:\n\t+: v1.EnvVar: "{Name:B Value:2 ValueFrom:nil}"\n`,
    )
  })

  test('tells an item that went, from where it was', () => {
    const [a, b, c] = ['A', 'B', 'C'].map((name) => ({name, value: 'x'}))
    expect(diff({env: [a, b, c]}, {env: [a, c]})).toBe(
      `${AT}.Env[1->?]:\n\t-: v1.EnvVar: "{Name:B Value:x ValueFrom:nil}"\n`,
    )
  })

  test('tells a list that came as a whole', () => {
    expect(diff({}, {args: ['a', 'b']})).toBe(`${AT}.Args:\n\t-: "[]"\n\t+: "[a b]"\n`)
  })

  test('tells a struct behind a pointer in the style of its own method', () => {
    expect(diff({}, {env: [{name: 'A', valueFrom: {secretKeyRef: {name: 's', key: 'k'}}}]})).toBe(
      `${AT}.Env:\n\t-: "[]"\n\t+: "[{Name:A Value: ValueFrom:&EnvVarSource{FieldRef:nil,ResourceFieldRef:nil,ConfigMapKeyRef:nil,SecretKeyRef:&SecretKeySelector{LocalObjectReference:LocalObjectReference{Name:s,},Key:k,Optional:nil,},}}]"\n`,
    )
    expect(diff({}, {securityContext: {runAsUser: 5, capabilities: {drop: ['ALL']}}})).toBe(
      `${AT}.SecurityContext:\n\t-: "nil"\n\t+: "&SecurityContext{Capabilities:&Capabilities{Add:[],Drop:[ALL],},Privileged:nil,SELinuxOptions:nil,RunAsUser:*5,RunAsNonRoot:nil,ReadOnlyRootFilesystem:nil,AllowPrivilegeEscalation:nil,RunAsGroup:nil,ProcMount:nil,WindowsOptions:nil,SeccompProfile:nil,}"\n`,
    )
  })

  test('tells a quantity by its insides, and equal amounts as equal', () => {
    const limits = (cpu: string): object => ({resources: {limits: {cpu}}})
    expect(diff(limits('1000m'), limits('1'))).toBe('')
    expect(diff(limits('100m'), limits('200m'))).toBe(
      `${AT}.Resources.Limits["cpu"]:\n` +
        '\t-: resource.Quantity: "{i:{value:100 scale:-3} d:{Dec:<nil>} s:100m Format:DecimalSI}"\n' +
        '\t+: resource.Quantity: "{i:{value:200 scale:-3} d:{Dec:<nil>} s:200m Format:DecimalSI}"\n',
    )
  })

  test('puts the star of a pointer in front', () => {
    const [before, after] = [
      revisionSpec({}, {timeoutSeconds: 5}),
      revisionSpec({}, {timeoutSeconds: 6}),
    ]
    expect(shortDiff(REVISION_SPEC, before, after, {root: 'value'})).toBe(
      '*{v1.RevisionSpec}.TimeoutSeconds:\n\t-: "5"\n\t+: "6"\n',
    )
  })

  test('splits a port into what Go keeps of it', () => {
    const probe = (port: number | string): object => ({livenessProbe: {tcpSocket: {port}}})
    expect(diff(probe(80), probe('http'))).toBe(
      `${AT}.LivenessProbe.ProbeHandler.TCPSocket.Port.Type:\n\t-: "0"\n\t+: "1"\n` +
        `${AT}.LivenessProbe.ProbeHandler.TCPSocket.Port.IntVal:\n\t-: "80"\n\t+: "0"\n` +
        `${AT}.LivenessProbe.ProbeHandler.TCPSocket.Port.StrVal:\n\t-: ""\n\t+: "http"\n`,
    )
  })

  test('follows the order of the fields, whatever the order of the objects', () => {
    const text = diff({image: 'a', workingDir: '/a'}, {workingDir: '/b', image: 'b'})
    expect(text.indexOf('.Image:')).toBeLessThan(text.indexOf('.WorkingDir:'))
  })
})

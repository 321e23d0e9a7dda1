import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../src/api/meta/object.ts'
import {
  validatePersistentVolume,
  validatePersistentVolumeClaim,
  validatePersistentVolumeClaimUpdate,
  validatePersistentVolumeUpdate,
} from '../../../../../src/kubernetes/apiserver/validation/persistent-volume.ts'
import {validateEvent} from '../../../../../src/kubernetes/apiserver/validation/event.ts'
import {validateAccessReview} from '../../../../../src/kubernetes/apiserver/validation/access-review.ts'
import {problemsOf} from './problems.ts'

describe('a PersistentVolumeClaim', () => {
  const valid = {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}}

  test.each([
    [valid, []],
    [
      {},
      [
        'spec.accessModes: Required value: at least 1 access mode is required',
        'spec.resources[storage]: Required value',
      ],
    ],
    [
      {...valid, accessModes: ['ReadWriteOncePod', 'Write']},
      [
        'spec.accessModes: Unsupported value: "Write": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
      ],
    ],
    [
      {...valid, resources: {requests: {storage: '0'}}},
      ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
    ],
    [
      {...valid, volumeMode: 'Tape'},
      ['spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"'],
    ],
  ])('of %j has %j', (spec, expected) => {
    expect(problemsOf(validatePersistentVolumeClaim({spec}))).toEqual(expected)
  })
})

describe('a PersistentVolume', () => {
  test.each([
    [{accessModes: ['ReadWriteOnce'], capacity: {storage: '1Gi'}, hostPath: {path: '/'}}, []],
    [
      {},
      [
        'spec.accessModes: Required value',
        'spec.capacity: Required value',
        'spec.capacity: Unsupported value: null: supported values: "storage"',
        'spec: Required value: must specify a volume type',
      ],
    ],
  ])('of %j has %j', (spec, expected) => {
    expect(problemsOf(validatePersistentVolume({spec}))).toEqual(expected)
  })
})

describe('an Event', () => {
  const metadata = {namespace: 'n'}

  test('is about something in its namespace', () => {
    const about = (namespace: string): object => ({metadata, involvedObject: {namespace}})
    expect(validateEvent({...about('n')})).toEqual([])
    expect(problemsOf(validateEvent({...about('m')}))).toEqual([
      'involvedObject.namespace: Invalid value: "m": does not match event.namespace',
    ])
  })

  test('of the new group says when, what and who', () => {
    const apiVersion = 'events.k8s.io/v1'
    expect(problemsOf(validateEvent({apiVersion, metadata}))).toEqual([
      'eventTime: Required value',
      'type: Invalid value: "": has invalid value: ',
    ])
    const eventTime = '2024-01-01T00:00:00.000000Z'
    expect(problemsOf(validateEvent({apiVersion, metadata, eventTime, type: 'Normal'}))).toEqual([
      'reportingController: Required value',
      'reportingInstance: Required value',
      'action: Required value',
      'reason: Required value',
    ])
  })
})

describe('a question about access', () => {
  const resourceAttributes = {verb: 'get', resource: 'pods', namespace: 'n'}
  const nonResourceAttributes = {path: '/x', verb: 'get'}
  const BOTH =
    'spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":"get"}: cannot be specified in combination with resourceAttributes'

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

describe('a change of a PersistentVolumeClaim', () => {
  const claim = (spec: object, phase: string, storage = '2Gi'): object => ({
    spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage}}, ...spec},
    status: {phase, capacity: {storage: '1Gi'}},
  })
  const FIXED =
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
  const TOO_SMALL =
    'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'

  test.each<[before: object, after: object, expected: readonly string[]]>([
    [claim({}, 'Pending'), claim({volumeName: 'v', storageClassName: 's'}, 'Pending'), []],
    [claim({volumeName: 'v'}, 'Bound'), claim({volumeName: 'w'}, 'Bound'), [FIXED]],
    [claim({storageClassName: 's'}, 'Bound'), claim({storageClassName: 't'}, 'Bound'), [FIXED]],
    [claim({}, 'Bound'), claim({accessModes: ['ReadOnlyMany']}, 'Bound'), [FIXED]],
    [claim({}, 'Bound'), claim({volumeAttributesClassName: 'a'}, 'Bound'), []],
    [claim({}, 'Pending'), claim({volumeAttributesClassName: 'a'}, 'Pending'), [FIXED]],
    [claim({}, 'Bound'), claim({}, 'Bound', '3Gi'), []],
    [claim({}, 'Pending'), claim({}, 'Pending', '3Gi'), [FIXED]],
    [claim({}, 'Pending'), claim({}, 'Pending', '2048Mi'), []],
    [claim({}, 'Bound'), claim({}, 'Bound', '1500Mi'), []],
    [claim({}, 'Bound'), claim({}, 'Bound', '1Gi'), [TOO_SMALL]],
  ])('from %j to %j has %j', (before, after, expected) => {
    const errors = validatePersistentVolumeClaimUpdate({...after}, before as KubeObject)
    expect(problemsOf(errors)).toEqual(expected)
  })
})

describe('a change of a PersistentVolume', () => {
  const volume = {hostPath: {path: '/a'}, volumeMode: 'Filesystem', capacity: {storage: '1Gi'}}

  test.each<[change: object, expected: readonly string[]]>([
    [{capacity: {storage: '2Gi'}, claimRef: {name: 'c'}}, []],
    [
      {hostPath: {path: '/b'}},
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
      ],
    ],
    [{volumeMode: 'Block'}, ['spec.volumeMode: Invalid value: "Block": field is immutable']],
  ])('to %j has %j', (change, expected) => {
    const errors = validatePersistentVolumeUpdate({spec: {...volume, ...change}}, {
      spec: volume,
    } as unknown as KubeObject)
    expect(problemsOf(errors)).toEqual(expected)
  })
})

import {describe, expect, test} from 'vitest'
import {validateEvent} from '../../../../../../src/kubernetes/kinds/core/event/validation.ts'
import {problemsOf} from '../../problems.ts'

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

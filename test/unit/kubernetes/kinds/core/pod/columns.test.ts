import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../../src/api/meta/object.ts'
import {podColumns} from '../../../../../../src/kubernetes/kinds/core/pod/columns.ts'

const NOW = Date.UTC(2024, 0, 1, 1)

function cells(pod: {metadata?: object; spec?: object; status?: object}): unknown {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    ...pod,
    metadata: {name: 'p', creationTimestamp: '2024-01-01T00:00:00Z', ...pod.metadata},
  } as KubeObject
  const shown = podColumns.filter(({priority}) => priority === 0)
  return shown.map(({cell}) => cell(object, NOW)).slice(1, 4)
}

const two = {containers: [{name: 'a'}, {name: 'b'}]}
const running = {ready: true, restartCount: 0, state: {running: {}}}

describe('a pod in a table', () => {
  test.each([
    ['Pending', {spec: two, status: {phase: 'Pending'}}, ['0/2', 'Pending', '0']],
    [
      'a container in trouble',
      {
        spec: two,
        status: {
          phase: 'Pending',
          containerStatuses: [running, {state: {waiting: {reason: 'ImagePullBackOff'}}}],
        },
      },
      ['1/2', 'ImagePullBackOff', '0'],
    ],
    [
      'a container that ended',
      {
        spec: {containers: [{name: 'a'}]},
        status: {
          phase: 'Failed',
          containerStatuses: [{state: {terminated: {exitCode: 3}}}],
        },
      },
      ['0/1', 'ExitCode:3', '0'],
    ],
    [
      'a container that was restarted',
      {
        spec: two,
        status: {
          phase: 'Running',
          containerStatuses: [
            running,
            {
              ...running,
              restartCount: 2,
              lastState: {terminated: {finishedAt: '2024-01-01T00:55:00Z'}},
            },
          ],
        },
      },
      ['2/2', 'Running', '2 (5m ago)'],
    ],
    [
      'init containers to come',
      {
        spec: {...two, initContainers: [{name: 'i'}, {name: 'j'}]},
        status: {
          phase: 'Pending',
          initContainerStatuses: [
            {name: 'i', state: {terminated: {exitCode: 0}}},
            {name: 'j', state: {running: {}}},
          ],
        },
      },
      ['0/2', 'Init:1/2', '0'],
    ],
    [
      'a pod being deleted',
      {
        metadata: {deletionTimestamp: '2024-01-01T00:59:00Z'},
        spec: two,
        status: {phase: 'Running', containerStatuses: [running, running]},
      },
      ['2/2', 'Terminating', '0'],
    ],
    [
      'a lost pod being deleted',
      {
        metadata: {deletionTimestamp: '2024-01-01T00:59:00Z'},
        spec: two,
        status: {phase: 'Running', reason: 'NodeLost'},
      },
      ['0/2', 'Unknown', '0'],
    ],
    [
      'an evicted pod',
      {spec: two, status: {phase: 'Failed', reason: 'Evicted'}},
      ['0/2', 'Evicted', '0'],
    ],
  ])('%s', (_what, pod, expected) => {
    expect(cells(pod)).toEqual(expected)
  })
})

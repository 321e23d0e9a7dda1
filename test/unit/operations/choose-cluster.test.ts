import {expect, test} from 'vitest'
import {chooseCluster} from '../../../src/operations/choose-cluster.ts'

const NOTHING = {
  embedded: false,
  named: false,
  localRuns: false,
  defaultKubeconfig: false,
  inPod: false,
}

test.each([
  ['the embedded cluster when there is nothing', {}, 'embedded'],
  ['the pod it runs in', {inPod: true}, 'pod'],
  ['~/.kube/config', {defaultKubeconfig: true, inPod: true}, 'kubeconfig'],
  [
    'a running local cluster over ~/.kube/config',
    {localRuns: true, defaultKubeconfig: true},
    'local',
  ],
  ['what is named over a running local cluster', {named: true, localRuns: true}, 'kubeconfig'],
  [
    'the embedded cluster when it is asked for',
    {embedded: true, defaultKubeconfig: true},
    'embedded',
  ],
  ['the running one when the embedded is asked for', {embedded: true, localRuns: true}, 'local'],
])('chooses %s', (_, signs, choice) => {
  expect(chooseCluster({...NOTHING, ...signs})).toBe(choice)
})

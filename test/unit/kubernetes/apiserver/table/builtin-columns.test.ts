import {describe, expect, test} from 'vitest'
import type {KubeObject} from '../../../../../src/api/meta/object.ts'
import {builtinColumns} from '../../../../../src/kubernetes/apiserver/table/builtin-columns.ts'

const NOW = Date.UTC(2024, 0, 1, 1)

function row(kind: string, object: object): Record<string, unknown> {
  const made = {
    kind,
    metadata: {name: 'a', creationTimestamp: '2024-01-01T00:00:00Z'},
    ...object,
  } as unknown as KubeObject
  return Object.fromEntries(builtinColumns(kind).map(({name, cell}) => [name, cell(made, NOW)]))
}

describe('the table of', () => {
  test('volumes shows who claims them', () => {
    const spec = {
      capacity: {storage: '5Gi'},
      accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: {namespace: 'default', name: 'data'},
      storageClassName: 'fast',
      volumeMode: 'Filesystem',
    }
    expect(row('PersistentVolume', {spec, status: {phase: 'Bound'}})).toEqual({
      Name: 'a',
      Capacity: '5Gi',
      'Access Modes': 'RWO,ROX',
      'Reclaim Policy': 'Retain',
      Status: 'Bound',
      Claim: 'default/data',
      StorageClass: 'fast',
      VolumeAttributesClass: '<unset>',
      Reason: '',
      Age: '60m',
      VolumeMode: 'Filesystem',
    })
  })

  test('claims shows what they got once they have a volume', () => {
    const status = {phase: 'Bound', capacity: {storage: '5Gi'}, accessModes: ['ReadWriteOncePod']}
    const pending = row('PersistentVolumeClaim', {spec: {}, status})
    expect(pending).toMatchObject({Volume: '', Capacity: '', 'Access Modes': ''})
    const bound = row('PersistentVolumeClaim', {spec: {volumeName: 'pv-1'}, status})
    expect(bound).toMatchObject({Volume: 'pv-1', Capacity: '5Gi', 'Access Modes': 'RWOP'})
  })

  test('revisions of a workload names their owner', () => {
    const owner = {apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', controller: true}
    const metadata = {name: 'web-1', ownerReferences: [owner]}
    const shown = row('ControllerRevision', {metadata, revision: 3})
    expect(shown).toMatchObject({Controller: 'statefulset.apps/web', Revision: 3})
  })

  test('templates of pods shows their containers and labels', () => {
    const template = {
      metadata: {labels: {app: 'web'}},
      spec: {
        containers: [
          {name: 'a', image: 'x:1'},
          {name: 'b', image: 'y'},
        ],
      },
    }
    expect(row('PodTemplate', {template})).toEqual({
      Name: 'a',
      Containers: 'a,b',
      Images: 'x:1,y',
      'Pod Labels': 'app=web',
    })
  })
})

import {expect, test} from 'vitest'
import type {ReleaseObjects} from '../../../../src/install/release/verify-release.ts'
import {releaseProblems, releaseVersions} from '../../../../src/install/release/verify-release.ts'
import {genuineObjects} from '../../../support/genuine-manifests.ts'
import {needs, RELEASE_FILES} from '../../../support/requirements.ts'

function genuine(): ReleaseObjects {
  return {
    'serving-crds': genuineObjects('serving-crds.yaml'),
    'serving-core': genuineObjects('serving-core.yaml'),
    istio: genuineObjects('istio.yaml'),
    'net-istio': genuineObjects('net-istio.yaml'),
    'serving-hpa': genuineObjects('serving-hpa.yaml'),
  }
}

test('the genuine release is whole, and of the version it says', needs(RELEASE_FILES), () => {
  expect(releaseProblems(genuine(), '1.13.1')).toEqual([])
  expect(releaseVersions(genuine())).toEqual({knative: '1.13.1', istio: '1.20.3'})
})

test('a missing object and another version are noticed', needs(RELEASE_FILES), () => {
  const {'serving-crds': crds = []} = genuine()
  const cut = crds.filter(({metadata}) => metadata.name !== 'routes.serving.knative.dev')
  expect(releaseProblems({'serving-crds': cut}, '1.12.0')).toEqual([
    'serving-crds.yaml has no CustomResourceDefinition/routes.serving.knative.dev',
    'serving-crds.yaml is of version 1.13.1, not of 1.12',
  ])
})

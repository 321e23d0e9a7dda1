import {describe, expect, test} from 'vitest'
import type {CoreService, Endpoints} from '../../../../../src/api/core/v1.ts'
import type {ServerlessService} from '../../../../../src/api/networking/v1alpha1.ts'
import {
  makePrivateService,
  makePublicEndpoints,
  makePublicService,
} from '../../../../../src/knative/controller/serverless-service/resources.ts'
import {goldenFolders, goldenObjects, restrictTo} from '../../../../support/golden-objects.ts'
import {needs, RECORDINGS} from '../../../../support/requirements.ts'

describe('what a ServerlessService makes, as recorded', needs(RECORDINGS), () => {
  test.for(goldenFolders('serverlessservice'))('%s', (folder) => {
    const services = goldenObjects<CoreService>(folder, 'service')
    const endpoints = goldenObjects<Endpoints>(folder, 'endpoints')
    for (const sks of goldenObjects<ServerlessService>(folder, 'serverlessservice')) {
      const {privateServiceName = '', serviceName = ''} = sks.status ?? {}
      const recordedPrivate = byName(services, privateServiceName)
      const recordedPublic = byName(services, serviceName)
      const recordedEndpoints = byName(endpoints, serviceName)
      const selector = recordedPrivate?.spec.selector ?? {}
      const madePrivate = makePrivateService(sks, selector)
      const madePublic = makePublicService(sks)
      const madeEndpoints = makePublicEndpoints(sks, recordedEndpoints?.subsets ?? [])
      expect(madePrivate).toEqual(restrictTo(recordedPrivate, madePrivate))
      expect(madePublic).toEqual(restrictTo(recordedPublic, madePublic))
      expect(madeEndpoints).toEqual(restrictTo(recordedEndpoints, madeEndpoints))
    }
  })
})

function byName<T extends {metadata: {name: string}}>(
  objects: readonly T[],
  name: string,
): T | undefined {
  return objects.find((object) => object.metadata.name === name)
}

import {afterEach, beforeEach, describe} from 'vitest'
import {Api, type ApiUnderTest} from './api-under-test.ts'
import {collectionTests} from './collections.ts'
import {customResourceTests} from './custom-resources.ts'
import {deletionTests} from './deletion.ts'
import {discoveryTests} from './discovery.ts'
import {objectTests} from './objects.ts'
import {patchTests} from './patches.ts'
import {representationTests} from './representations.ts'
import {watchTests} from './watches.ts'

/** What a Kubernetes API does, whichever way one gets to it. */
export function kubernetesApiSuite(name: string, open: () => Promise<ApiUnderTest>): void {
  describe(`the Kubernetes API ${name}`, () => {
    let api: Api
    beforeEach(async () => {
      api = new Api(await open())
    })
    afterEach(() => api.under.close())
    const current = (): Api => api

    describe('objects', () => {
      objectTests(current)
    })
    describe('patches', () => {
      patchTests(current)
    })
    describe('collections', () => {
      collectionTests(current)
    })
    describe('watches', () => {
      watchTests(current)
    })
    describe('deletion', () => {
      deletionTests(current)
    })
    describe('custom resources', () => {
      customResourceTests(current)
    })
    describe('representations', () => {
      representationTests(current)
    })
    describe('discovery', () => {
      discoveryTests(current)
    })
  })
}

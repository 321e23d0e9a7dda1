import {describe, expect, test} from 'vitest'
import {type ConfigSnapshot, defaultConfigs} from '../../../src/api/config/config-store.ts'
import {parseDomainConfig} from '../../../src/api/config/domain.ts'
import type {CoreService} from '../../../src/api/core/v1.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import type {KIngress} from '../../../src/api/networking/v1alpha1.ts'
import type {Configuration, Revision, Route} from '../../../src/api/serving/v1.ts'
import type {Lister} from '../../../src/controller/informer.ts'
import {NO_TLS} from '../../../src/knative/controller/certificates.ts'
import {makeIngress} from '../../../src/knative/controller/route/ingress.ts'
import {
  aimPlaceholder,
  makePlaceholderService,
} from '../../../src/knative/controller/route/placeholder-services.ts'
import {goalOf} from '../../../src/knative/controller/route/rollout.ts'
import {resolveTraffic} from '../../../src/knative/controller/route/traffic.ts'
import {findVisibilities} from '../../../src/knative/controller/route/visibility.ts'
import {goldenFolders, goldenObjects, restrictTo} from '../../support/golden-objects.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const config: ConfigSnapshot = {
  ...defaultConfigs(),
  domain: parseDomainConfig({'knative.example.com': ''}),
}

function listerOf<T extends KubeObject>(objects: readonly T[]): Lister<T> {
  return {
    get: (namespace, name) =>
      objects.find(({metadata}) => metadata.name === name && metadata.namespace === namespace),
    list: () => [...objects],
    byIndex: () => [],
  }
}

describe('resources of a Route, as a genuine Knative made them', needs(RECORDINGS), () => {
  for (const folder of goldenFolders('route')) {
    const configurations = listerOf(goldenObjects<Configuration>(folder, 'configuration'))
    const revisions = listerOf(goldenObjects<Revision>(folder, 'revision'))
    const coreServices = goldenObjects<CoreService>(folder, 'service')
    const services = listerOf(coreServices)
    const ingresses = goldenObjects<KIngress>(folder, 'kingress')
    for (const route of goldenObjects<Route>(folder, 'route')) {
      const {name, uid} = route.metadata
      const traffic = resolveTraffic(route, configurations, revisions)
      const ingress = ingresses.find(({metadata}) =>
        metadata.ownerReferences?.some((owner) => owner.uid === uid),
      )
      // Where a target is missing or not ready, the KIngress shows older traffic.
      if (traffic.problem !== undefined || ingress === undefined) continue

      test(`${folder}: the KIngress of ${name}`, () => {
        const visibilities = findVisibilities(route, services, config)
        const rollout = goalOf(traffic)
        const made = makeIngress({route, traffic, visibilities, rollout, config, tls: NO_TLS})
        expect(made.spec).toEqual(ingress.spec)
        expect(made).toEqual(restrictTo(ingress, made))
      })

      test(`${folder}: the placeholders of ${name}`, () => {
        for (const tag of traffic.targets.keys()) {
          const placeholder = makePlaceholderService(route, tag, config)
          const made = aimPlaceholder(placeholder, ingress)?.service
          const recorded = coreServices.find(
            ({metadata}) => metadata.name === placeholder.metadata.name,
          )
          expect(made?.spec).toEqual(recorded?.spec)
          expect(made).toEqual(restrictTo(recorded, made))
        }
      })
    }
  }
})

import {expect, test} from 'vitest'
import {istioDefinitions} from '../../../src/api/crd/istio-definitions.ts'
import {servingDefinitions} from '../../../src/api/crd/serving-definitions.ts'
import {embeddedDefinitions} from '../../../src/install/embedded-definitions.ts'

test('the definitions that a cluster reads are those that the declarations make', () => {
  expect(embeddedDefinitions('serving')).toEqual(servingDefinitions())
  expect(embeddedDefinitions('istio')).toEqual(istioDefinitions())
})

import {describe, expect, test} from 'vitest'
import {makeDeciderSpec} from '../../../../../src/api/autoscaling/decider.ts'
import type {Metric, PodAutoscaler} from '../../../../../src/api/autoscaling/v1alpha1.ts'
import {parseAutoscalerConfig} from '../../../../../src/api/config/autoscaler.ts'
import type {ServerlessService} from '../../../../../src/api/networking/v1alpha1.ts'
import {
  countActivators,
  makeMetric,
  makeServerlessService,
} from '../../../../../src/knative/controller/pod-autoscaler/resources.ts'
import {goldenFolders, goldenObjects, restrictTo} from '../../../../support/golden-objects.ts'
import {needs, RECORDINGS} from '../../../../support/requirements.ts'

const config = parseAutoscalerConfig({})

describe('what a PodAutoscaler makes, as recorded', needs(RECORDINGS), () => {
  test.for(goldenFolders('podautoscaler'))('%s', (folder) => {
    const metrics = goldenObjects<Metric>(folder, 'metric')
    const serverlessServices = goldenObjects<ServerlessService>(folder, 'serverlessservice')
    for (const pa of goldenObjects<PodAutoscaler>(folder, 'podautoscaler')) {
      const {name} = pa.metadata
      const metric = metrics.find((object) => object.metadata.name === name)
      const sks = serverlessServices.find((object) => object.metadata.name === name)
      const madeMetric = makeMetric(pa, pa.status?.metricsServiceName ?? '', config)
      expect(madeMetric).toEqual(restrictTo(metric, madeMetric))
      const activators = countActivators(pa.status?.actualScale ?? 0, makeDeciderSpec(pa, config))
      const madeSks = makeServerlessService(pa, sks?.spec.mode ?? 'Proxy', activators)
      expect(madeSks).toEqual(restrictTo(sks, madeSks))
    }
  })
})

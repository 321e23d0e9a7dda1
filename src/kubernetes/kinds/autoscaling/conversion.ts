/**
 * HorizontalPodAutoscalers between `autoscaling/v2`, as which they are stored, and `v1`, which
 * knows of metrics only CPU. What `v1` cannot say, it does not show.
 */
import {objectAt, objectsAt, stringAt, type JsonObject} from '../../apiserver/json-value.ts'

/** The face a stored autoscaler has in `autoscaling/v1`. */
export function autoscalerToV1(object: JsonObject): JsonObject {
  const {metrics: _, behavior: _behavior, ...spec} = objectAt(object, 'spec')
  const {currentMetrics: _current, conditions: _conditions, ...status} = objectAt(object, 'status')
  const target = objectsAt(objectAt(object, 'spec'), 'metrics')
    .map((metric) => objectAt(metric, 'resource'))
    .filter((resource) => stringAt(resource, 'name') === 'cpu')
    .map((resource) => objectAt(resource, 'target')['averageUtilization'])
    .find((share) => typeof share === 'number')
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    spec: {...spec, ...(target !== undefined && {targetCPUUtilizationPercentage: target})},
    status: {currentReplicas: 0, desiredReplicas: 0, ...status},
  }
}

/** What is stored of an autoscaler that was written as `autoscaling/v1`. */
export function autoscalerFromV1(object: JsonObject): JsonObject {
  const {targetCPUUtilizationPercentage: averageUtilization, ...spec} = objectAt(object, 'spec')
  const {currentCPUUtilizationPercentage: _, ...status} = objectAt(object, 'status')
  const target = {type: 'Utilization', averageUtilization}
  const cpu = {type: 'Resource', resource: {name: 'cpu', target}}
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    spec: {...spec, ...(averageUtilization !== undefined && {metrics: [cpu]})},
    status,
  }
}

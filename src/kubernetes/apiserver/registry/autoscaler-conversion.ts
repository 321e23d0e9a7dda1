/**
 * HorizontalPodAutoscalers between `autoscaling/v2`, as which they are stored, and `v1`, which
 * knows of metrics only CPU and keeps the rest in annotations.
 *
 * Counterpart of k8s.io/kubernetes `pkg/apis/autoscaling/v1` conversions.
 */
import {isJsonObject, objectAt, objectsAt, stringAt, type JsonObject} from '../json-value.ts'
import {parseJson} from '../read-body.ts'

const PREFIX = 'autoscaling.alpha.kubernetes.io/'
const METRICS = `${PREFIX}metrics`
const CURRENT_METRICS = `${PREFIX}current-metrics`
const BEHAVIOR = `${PREFIX}behavior`
const CONDITIONS = `${PREFIX}conditions`
const ANNOTATIONS = [METRICS, CURRENT_METRICS, BEHAVIOR, CONDITIONS]

/** The face a stored autoscaler has in `autoscaling/v1`. */
export function autoscalerToV1(object: JsonObject): JsonObject {
  const {metrics: _, behavior, ...spec} = objectAt(object, 'spec')
  const {currentMetrics: _current, conditions, ...status} = objectAt(object, 'status')
  const metrics = objectsAt(objectAt(object, 'spec'), 'metrics')
  const currentMetrics = objectsAt(objectAt(object, 'status'), 'currentMetrics')
  const cpu = metrics.find((metric) => shareOfCpu(metric, 'target') !== undefined)
  const target = cpu && shareOfCpu(cpu, 'target')
  const current = currentMetrics
    .map((metric) => shareOfCpu(metric, 'current'))
    .find((share) => share !== undefined)
  const others = metrics.filter((metric) => shareOfCpu(metric, 'target') === undefined)
  const kept = {
    ...(others.length > 0 && {[METRICS]: others.map((metric) => flatten(metric, 'target'))}),
    ...(currentMetrics.length > 0 && {
      [CURRENT_METRICS]: currentMetrics.map((metric) => flatten(metric, 'current')),
    }),
    ...(isJsonObject(behavior) && {[BEHAVIOR]: goForm(behavior)}),
    ...(Array.isArray(conditions) && conditions.length > 0 && {[CONDITIONS]: conditions}),
  }
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(object, kept),
    spec: {...spec, ...(target !== undefined && {targetCPUUtilizationPercentage: target})},
    status: {
      currentReplicas: 0,
      desiredReplicas: 0,
      ...status,
      ...(current !== undefined && {currentCPUUtilizationPercentage: current}),
    },
  }
}

/** What is stored of an autoscaler that was written as `autoscaling/v1`. */
export function autoscalerFromV1(object: JsonObject): JsonObject {
  const {targetCPUUtilizationPercentage: target, ...spec} = objectAt(object, 'spec')
  const {currentCPUUtilizationPercentage: _, ...status} = objectAt(object, 'status')
  const annotations = objectAt(objectAt(object, 'metadata'), 'annotations')
  const metrics = parsedList(annotations[METRICS]).map((metric) => unflatten(metric, 'target'))
  if (typeof target === 'number' || metrics.length === 0) {
    metrics.push(cpuMetric(typeof target === 'number' ? target : 80))
  }
  const behavior = parsed(annotations[BEHAVIOR])
  const currentMetrics = parsedList(annotations[CURRENT_METRICS])
  const conditions = parsedList(annotations[CONDITIONS])
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(object, {}),
    spec: {...spec, metrics, ...(isJsonObject(behavior) && {behavior: jsonForm(behavior)})},
    status: {
      ...status,
      currentMetrics:
        currentMetrics.length === 0
          ? null
          : currentMetrics.map((metric) => unflatten(metric, 'current')),
      ...(conditions.length > 0 && {conditions}),
    },
  }
}

function cpuMetric(averageUtilization: number): JsonObject {
  return {
    type: 'Resource',
    resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization}},
  }
}

function shareOfCpu(metric: JsonObject, part: 'target' | 'current'): number | undefined {
  const resource = objectAt(metric, 'resource')
  const share = objectAt(resource, part)['averageUtilization']
  return stringAt(resource, 'name') === 'cpu' && typeof share === 'number' ? share : undefined
}

/** The metadata without what other conversions kept in annotations, and with what this one does. */
function withAnnotations(object: JsonObject, kept: Readonly<Record<string, unknown>>): JsonObject {
  const {annotations: _, ...metadata} = objectAt(object, 'metadata')
  const own = Object.entries(objectAt(objectAt(object, 'metadata'), 'annotations')).filter(
    ([name]) => !ANNOTATIONS.includes(name),
  )
  const all = [
    ...own,
    ...Object.entries(kept).map(([name, value]) => [name, JSON.stringify(value)] as const),
  ]
  return {...metadata, ...(all.length > 0 && {annotations: Object.fromEntries(all)})}
}

function parsed(annotation: unknown): unknown {
  return typeof annotation === 'string' ? parseJson(annotation).value : undefined
}

function parsedList(annotation: unknown): JsonObject[] {
  const value = parsed(annotation)
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

type Part = 'target' | 'current'

/** The fields of a metric in v1, by its source and the fields of v2 (`target` or `current`). */
const V1_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  resource: {averageUtilization: 'AverageUtilization', averageValue: 'AverageValue'},
  containerResource: {averageUtilization: 'AverageUtilization', averageValue: 'AverageValue'},
  pods: {averageValue: 'AverageValue'},
  external: {value: 'Value', averageValue: 'AverageValue'},
  object: {value: 'Value', averageValue: 'averageValue'},
}

function v1Name(source: string, field: string, part: Part): string {
  const name = V1_FIELDS[source]?.[field] ?? field
  return /^[A-Z]/.test(name) ? `${part}${name}` : name
}

/** A metric in the form of v1, which has no objects for targets and metrics. */
function flatten(metric: JsonObject, part: Part): JsonObject {
  const [name, value] = sourceOf(metric)
  const {[part]: values, metric: identifier, describedObject, ...rest} = value
  const flat: JsonObject = {...rest}
  if (isJsonObject(describedObject)) flat['target'] = describedObject
  if (isJsonObject(identifier)) {
    flat['metricName'] = identifier['name']
    const selector = name === 'external' ? 'metricSelector' : 'selector'
    if (identifier['selector'] !== undefined) flat[selector] = identifier['selector']
  }
  for (const field of ['value', 'averageValue', 'averageUtilization']) {
    const amount = isJsonObject(values) ? values[field] : undefined
    if (amount !== undefined) flat[v1Name(name, field, part)] = amount
  }
  return {type: metric['type'], [name]: flat}
}

function unflatten(metric: JsonObject, part: Part): JsonObject {
  const [name, value] = sourceOf(metric)
  const {metricName, metricSelector, selector, target, ...rest} = value
  const values: JsonObject = {}
  for (const field of ['value', 'averageValue', 'averageUtilization']) {
    const flat = v1Name(name, field, part)
    if (rest[flat] === undefined) continue
    values[field] = rest[flat]
    delete rest[flat]
  }
  if (part === 'target') values['type'] = targetType(values)
  const chosen = metricSelector ?? selector
  return {
    type: metric['type'],
    [name]: {
      ...rest,
      ...(isJsonObject(target) && {describedObject: target}),
      ...(metricName !== undefined && {
        metric: {name: metricName, ...(chosen !== undefined && {selector: chosen})},
      }),
      [part]: values,
    },
  }
}

function targetType(values: JsonObject): string {
  if (values['averageUtilization'] !== undefined) return 'Utilization'
  return values['averageValue'] === undefined ? 'Value' : 'AverageValue'
}

function sourceOf(metric: JsonObject): [name: string, source: JsonObject] {
  const name = Object.keys(V1_FIELDS).find((source) => isJsonObject(metric[source])) ?? ''
  return [name, objectAt(metric, name)]
}

/** Scaling rules as Go marshals their internal form: names begin large, nothing is left out. */
function goForm(behavior: JsonObject): JsonObject {
  const rules = (direction: string): JsonObject | null => {
    const own = behavior[direction]
    if (!isJsonObject(own)) return null
    return {
      StabilizationWindowSeconds: own['stabilizationWindowSeconds'] ?? null,
      SelectPolicy: own['selectPolicy'] ?? null,
      Policies: objectsAt(own, 'policies').map((policy) => ({
        Type: policy['type'],
        Value: policy['value'],
        PeriodSeconds: policy['periodSeconds'],
      })),
      Tolerance: own['tolerance'] ?? null,
    }
  }
  return {ScaleUp: rules('scaleUp'), ScaleDown: rules('scaleDown')}
}

/** The other way: names begin small, and what is null is not there. */
function jsonForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonForm)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, jsonForm(item)]),
  )
}

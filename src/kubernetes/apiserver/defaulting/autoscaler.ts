import {
  ensureObject,
  isJsonObject,
  objectAt,
  objectsAt,
  setDefault,
  type JsonObject,
} from '../json-value.ts'

const EVERYTHING = {type: 'Percent', value: 100, periodSeconds: 15}

/** Rules for each direction, where somebody gave rules at all. */
const RULES: Readonly<Record<string, JsonObject>> = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{type: 'Pods', value: 4, periodSeconds: 15}, EVERYTHING],
  },
  scaleDown: {selectPolicy: 'Max', policies: [EVERYTHING]},
}

/** Counterpart of `pkg/apis/autoscaling/v2` SetDefaults_HorizontalPodAutoscaler. */
export function defaultHorizontalPodAutoscaler(object: JsonObject): void {
  const spec = ensureObject(object, 'spec')
  setDefault(spec, 'minReplicas', 1)
  if (object['apiVersion'] === 'autoscaling/v1') return
  if (objectsAt(spec, 'metrics').length === 0) {
    spec['metrics'] = [
      {
        type: 'Resource',
        resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}},
      },
    ]
  }
  if (!isJsonObject(spec['behavior'])) return
  const behavior = objectAt(spec, 'behavior')
  for (const [direction, rules] of Object.entries(RULES)) {
    const own = ensureObject(behavior, direction)
    for (const [name, value] of Object.entries(rules)) setDefault(own, name, structuredClone(value))
  }
}

import {
  OBJECT_META_SCHEMA,
  type MergeSchema,
} from '../../../../src/kubernetes/patch/merge-schema.ts'
import {builtInMergeTypeOf, type MergeType} from '../../../../src/kubernetes/patch/merge-type.ts'

/** The parts of the built-in kinds that the recordings and the tables touch. */

const text: MergeSchema = {type: 'string'}
const number: MergeSchema = {type: 'integer'}
const flag: MergeSchema = {type: 'boolean'}
const intOrString: MergeSchema = {'x-kubernetes-int-or-string': true}
const texts: MergeSchema = {type: 'object', additionalProperties: text}

function struct(properties: Record<string, MergeSchema>, more: MergeSchema = {}): MergeSchema {
  return {type: 'object', properties, ...more}
}

/** A field that is a struct and no pointer. */
function embedded(schema: MergeSchema): MergeSchema {
  return {...schema, default: {}}
}

function keyed(item: MergeSchema, keys: string[], mergeKey = keys[0] ?? ''): MergeSchema {
  return {
    type: 'array',
    items: item,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
    'x-kubernetes-patch-strategy': 'merge',
    'x-kubernetes-patch-merge-key': mergeKey,
  }
}

function list(items: MergeSchema): MergeSchema {
  return {type: 'array', items, 'x-kubernetes-list-type': 'atomic'}
}

function kind(properties: Record<string, MergeSchema>): MergeType {
  return builtInMergeTypeOf(
    struct({
      apiVersion: text,
      kind: text,
      metadata: embedded(OBJECT_META_SCHEMA),
      ...properties,
    }),
  )
}

const atomic = {'x-kubernetes-map-type': 'atomic'}
const selector = struct({matchLabels: texts, matchExpressions: list(struct({}))}, atomic)
const condition = struct({
  type: text,
  status: text,
  reason: text,
  message: text,
  lastTransitionTime: text,
  lastUpdateTime: text,
})

const container = struct({
  name: text,
  image: text,
  imagePullPolicy: text,
  command: list(text),
  env: keyed(struct({name: text, value: text}), ['name']),
  ports: keyed(
    struct({containerPort: number, protocol: {type: 'string', default: 'TCP'}, name: text}),
    ['containerPort', 'protocol'],
    'containerPort',
  ),
  resources: embedded(struct({limits: texts, requests: texts})),
  terminationMessagePath: text,
  terminationMessagePolicy: text,
})

const podTemplate = struct({
  metadata: embedded(OBJECT_META_SCHEMA),
  spec: embedded({
    required: ['containers'],
    ...struct({
      containers: keyed(container, ['name']),
      volumes: {
        ...keyed(struct({name: text, emptyDir: struct({}), secret: struct({secretName: text})}), [
          'name',
        ]),
        'x-kubernetes-patch-strategy': 'merge,retainKeys',
      },
      nodeSelector: {...texts, ...atomic},
      securityContext: struct({runAsUser: number}),
      restartPolicy: text,
      terminationGracePeriodSeconds: number,
      dnsPolicy: text,
      schedulerName: text,
    }),
  }),
})

/** `apps/v1` Deployment. */
export const DEPLOYMENT = kind({
  spec: embedded(
    struct({
      replicas: number,
      selector,
      template: embedded(podTemplate),
      strategy: embedded(
        struct({
          type: text,
          rollingUpdate: struct({maxSurge: intOrString, maxUnavailable: intOrString}),
        }),
      ),
      minReadySeconds: number,
      revisionHistoryLimit: number,
      progressDeadlineSeconds: number,
    }),
  ),
  status: embedded(
    struct({
      observedGeneration: number,
      replicas: number,
      conditions: keyed(condition, ['type']),
    }),
  ),
})

/** `v1` Service. */
export const SERVICE = kind({
  spec: embedded(
    struct({
      ports: keyed(
        struct({
          name: text,
          protocol: {type: 'string', default: 'TCP'},
          port: number,
          targetPort: {...intOrString, default: 0},
          nodePort: number,
        }),
        ['port', 'protocol'],
        'port',
      ),
      selector: {...texts, ...atomic},
      type: text,
      sessionAffinity: text,
      sessionAffinityConfig: struct({clientIP: struct({timeoutSeconds: number})}),
      publishNotReadyAddresses: flag,
      internalTrafficPolicy: text,
      externalTrafficPolicy: text,
      externalName: text,
      allocateLoadBalancerNodePorts: flag,
      loadBalancerClass: text,
      clusterIP: text,
      clusterIPs: list(text),
      ipFamilies: list(text),
      ipFamilyPolicy: text,
    }),
  ),
  status: embedded(
    struct({loadBalancer: embedded(struct({ingress: list(struct({ip: text, hostname: text}))}))}),
  ),
})

/** `v1` ConfigMap. */
export const CONFIG_MAP = kind({data: texts, binaryData: texts, immutable: flag})

/** `v1` Secret. */
export const SECRET = kind({data: texts, type: text, immutable: flag})

/** `v1` ServiceAccount. */
export const SERVICE_ACCOUNT = kind({
  secrets: keyed(struct({name: text}, atomic), ['name']),
  imagePullSecrets: list(struct({name: text}, atomic)),
  automountServiceAccountToken: flag,
})

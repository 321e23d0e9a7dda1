/**
 * Decides again upon recorded load, so that anyone can compare with what a cluster decided or try
 * settings before using them. Records are JSON in the shape of Knative's own Go structs.
 */
import {isJsonObject} from '../../util/json.ts'
import {
  type DeciderSpec,
  makeDeciderSpec,
  resolveScaleBounds,
} from '../../api/autoscaling/decider.ts'
import type {PodAutoscaler} from '../../api/autoscaling/v1alpha1.ts'
import {parseAutoscalerConfig} from '../../api/config/autoscaler.ts'
import {KpaScaler} from './kpa-scaler.ts'

/** A `DeciderSpec` as recorded; windows are seconds. */
interface RecordedSpec {
  MaxScaleUpRate: number
  MaxScaleDownRate: number
  ScalingMetric: string
  TargetValue: number
  TotalValue: number
  TargetBurstCapacity: number
  ActivatorCapacity: number
  PanicThreshold: number
  StableWindowSeconds: number
  ScaleDownDelaySeconds: number
  InitialScale: number
  Reachable: boolean
  ActivationScale: number
}

/** One moment of a trace: what was seen, and what was decided. */
interface TraceTick {
  /** Seconds since `baseUnixSeconds`. */
  t: number
  stableValue: number
  panicValue: number
  readyPods: number
  /** A spec that applies from this tick on. */
  specUpdate?: RecordedSpec
  desiredPodCount?: number
  excessBurstCapacity?: number
  /** False where there were no metrics to decide upon. */
  scaleValid?: boolean
}

/** A recorded load and the decisions upon it. */
export interface TraceRecord {
  spec: RecordedSpec
  initialReadyPods: number
  baseUnixSeconds: number
  ticks: TraceTick[]
  [field: string]: unknown
}

/** Settings, and the decider they come to. */
export interface DeciderRecord {
  annotations: Record<string, string>
  configmap: Record<string, string>
  containerConcurrency: number
  reachability: 'Reachable' | 'Unreachable' | ''
  decider?: RecordedSpec
  /** Smallest and largest scale; 0: not set. */
  scaleBounds?: [min: number, max: number]
}

/**
 * Answers a record of the same shape with our decisions in the place of the recorded ones.
 *
 * @throws Error that names the field, when the record is neither a trace nor a decider record, or
 *   its ConfigMap is bad.
 */
export function replay(record: unknown): TraceRecord | DeciderRecord {
  if (isJsonObject(record) && 'ticks' in record) return replayTrace(checkTrace(record))
  if (isJsonObject(record) && 'annotations' in record) return replayDecider(checkDecider(record))
  throw new Error('a record needs "spec" and "ticks", or "annotations" and "configmap"')
}

/** Decides upon each tick of a trace. */
function replayTrace(record: TraceRecord): TraceRecord {
  const baseMs = record.baseUnixSeconds * 1_000
  const scaler = new KpaScaler(fromRecorded(record.spec), baseMs, record.initialReadyPods)
  const ticks = record.ticks.map((tick) => {
    if (tick.specUpdate !== undefined) scaler.update(fromRecorded(tick.specUpdate))
    if (tick.scaleValid === false) return tick
    const decision = scaler.scale({...tick, nowMs: baseMs + tick.t * 1_000})
    return {...tick, ...decision, scaleValid: true}
  })
  return {...record, ticks}
}

/** Takes settings together. */
function replayDecider(record: DeciderRecord): DeciderRecord {
  const config = parseAutoscalerConfig(record.configmap)
  const pa: PodAutoscaler = {
    apiVersion: 'autoscaling.internal.knative.dev/v1alpha1',
    kind: 'PodAutoscaler',
    metadata: {name: 'replay', annotations: record.annotations},
    spec: {
      containerConcurrency: record.containerConcurrency,
      reachability: record.reachability,
      scaleTargetRef: {},
      protocolType: 'http1',
    },
  }
  const {min, max} = resolveScaleBounds(pa, config)
  return {...record, decider: toRecorded(makeDeciderSpec(pa, config)), scaleBounds: [min, max]}
}

const SPEC_NUMBERS = [
  'MaxScaleUpRate',
  'MaxScaleDownRate',
  'TargetValue',
  'TotalValue',
  'TargetBurstCapacity',
  'ActivatorCapacity',
  'PanicThreshold',
  'StableWindowSeconds',
  'ScaleDownDelaySeconds',
  'InitialScale',
  'ActivationScale',
]

function checkTrace(record: Record<string, unknown>): TraceRecord {
  checkNumbers(record, ['initialReadyPods', 'baseUnixSeconds'], '')
  checkSpec(record['spec'], 'spec')
  const {ticks} = record
  if (!Array.isArray(ticks)) throw new Error('ticks must be a list')
  for (const [index, tick] of ticks.entries()) {
    const path = `ticks[${index}]`
    checkNumbers(tick, ['t', 'stableValue', 'panicValue', 'readyPods'], `${path}.`)
    if (isJsonObject(tick) && tick['specUpdate'] !== undefined) {
      checkSpec(tick['specUpdate'], `${path}.specUpdate`)
    }
  }
  return record as TraceRecord
}

function checkSpec(spec: unknown, path: string): void {
  checkNumbers(spec, SPEC_NUMBERS, `${path}.`)
  if (isJsonObject(spec) && typeof spec['Reachable'] !== 'boolean') {
    throw new Error(`${path}.Reachable must be true or false`)
  }
}

function checkDecider(record: Record<string, unknown>): DeciderRecord {
  for (const field of ['annotations', 'configmap']) {
    const texts = record[field]
    if (!isJsonObject(texts) || Object.values(texts).some((text) => typeof text !== 'string')) {
      throw new Error(`${field} must be an object of texts`)
    }
  }
  checkNumbers(record, ['containerConcurrency'], '')
  return record as unknown as DeciderRecord
}

function checkNumbers(object: unknown, fields: readonly string[], prefix: string): void {
  for (const field of fields) {
    const value = isJsonObject(object) ? object[field] : undefined
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new Error(`${prefix}${field} must be a number`)
    }
  }
}

function fromRecorded(spec: RecordedSpec): DeciderSpec {
  return {
    maxScaleUpRate: spec.MaxScaleUpRate,
    maxScaleDownRate: spec.MaxScaleDownRate,
    scalingMetric: spec.ScalingMetric,
    targetValue: spec.TargetValue,
    totalValue: spec.TotalValue,
    targetBurstCapacity: spec.TargetBurstCapacity,
    activatorCapacity: spec.ActivatorCapacity,
    panicThreshold: spec.PanicThreshold,
    stableWindowMs: spec.StableWindowSeconds * 1_000,
    scaleDownDelayMs: spec.ScaleDownDelaySeconds * 1_000,
    initialScale: spec.InitialScale,
    reachable: spec.Reachable,
    activationScale: spec.ActivationScale,
  }
}

function toRecorded(spec: DeciderSpec): RecordedSpec {
  return {
    MaxScaleUpRate: spec.maxScaleUpRate,
    MaxScaleDownRate: spec.maxScaleDownRate,
    ScalingMetric: spec.scalingMetric,
    TargetValue: spec.targetValue,
    TotalValue: spec.totalValue,
    TargetBurstCapacity: spec.targetBurstCapacity,
    ActivatorCapacity: spec.activatorCapacity,
    PanicThreshold: spec.panicThreshold,
    StableWindowSeconds: spec.stableWindowMs / 1_000,
    ScaleDownDelaySeconds: spec.scaleDownDelayMs / 1_000,
    InitialScale: spec.initialScale,
    Reachable: spec.reachable,
    ActivationScale: spec.activationScale,
  }
}

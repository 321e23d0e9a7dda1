/** How a revision scales: annotations of its template. */
import {
  ACTIVATION_SCALE_ANNOTATION,
  INITIAL_SCALE_ANNOTATION,
  METRIC_AGGREGATION_ALGORITHM_ANNOTATION,
  MAX_SCALE_ANNOTATION,
  METRIC_ANNOTATION,
  MIN_SCALE_ANNOTATION,
  PANIC_THRESHOLD_PERCENTAGE_ANNOTATION,
  PANIC_THRESHOLD_PERCENTAGE_MAX,
  PANIC_THRESHOLD_PERCENTAGE_MIN,
  PANIC_WINDOW_PERCENTAGE_ANNOTATION,
  PANIC_WINDOW_PERCENTAGE_MAX,
  PANIC_WINDOW_PERCENTAGE_MIN,
  SCALE_DOWN_DELAY_ANNOTATION,
  SCALE_TO_ZERO_POD_RETENTION_PERIOD_ANNOTATION,
  TARGET_ANNOTATION,
  TARGET_BURST_CAPACITY_ANNOTATION,
  TARGET_UTILIZATION_PERCENTAGE_ANNOTATION,
  WINDOW_ANNOTATION,
} from '../../../api/autoscaling/annotations.ts'
import {isWholeSeconds, parseDuration} from '../../../util/duration.ts'
import {atoi} from '../../../util/strconv.ts'
import {invalid, naming} from './notation.ts'
import type {ServiceEdits} from './service-edits.ts'

/** The annotations that the edits of scale come to, by key. Throws `KN_USAGE`. */
export function scaleAnnotations(edits: ServiceEdits): Record<string, string> {
  const {min, max} = naming('--scale', () => scaleRange(edits))
  const values = [
    [MIN_SCALE_ANNOTATION, min],
    [MAX_SCALE_ANNOTATION, max],
    [WINDOW_ANNOTATION, checkDuration(edits.scaleWindow, 'scale-window')],
    [TARGET_ANNOTATION, edits.scaleTarget],
    [METRIC_ANNOTATION, edits.scaleMetric],
    [ACTIVATION_SCALE_ANNOTATION, edits.scaleActivation],
    [TARGET_UTILIZATION_PERCENTAGE_ANNOTATION, edits.scaleUtilization],
    [INITIAL_SCALE_ANNOTATION, checkInitialScale(edits)],
    [SCALE_DOWN_DELAY_ANNOTATION, checkSeconds(edits.scaleDownDelay, 'scale-down-delay')],
    [
      SCALE_TO_ZERO_POD_RETENTION_PERIOD_ANNOTATION,
      checkDuration(edits.scalePodRetention, 'scale-pod-retention'),
    ],
    [METRIC_AGGREGATION_ALGORITHM_ANNOTATION, checkAggregation(edits.scaleAggregation)],
    [TARGET_BURST_CAPACITY_ANNOTATION, checkBurstCapacity(edits.scaleBurstCapacity)],
    [
      PANIC_WINDOW_PERCENTAGE_ANNOTATION,
      checkPercent(
        edits.scalePanicWindow,
        [PANIC_WINDOW_PERCENTAGE_MIN, PANIC_WINDOW_PERCENTAGE_MAX],
        'scale-panic-window',
      ),
    ],
    [
      PANIC_THRESHOLD_PERCENTAGE_ANNOTATION,
      checkPercent(
        edits.scalePanicThreshold,
        [PANIC_THRESHOLD_PERCENTAGE_MIN, PANIC_THRESHOLD_PERCENTAGE_MAX],
        'scale-panic-threshold',
      ),
    ],
  ] as const
  return Object.fromEntries(
    values.flatMap(([[key], value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
}

function scaleRange(edits: ServiceEdits): {min?: number | undefined; max?: number | undefined} {
  const {scale, scaleMin: min, scaleMax: max} = edits
  if (scale === undefined) return {min, max}
  if (max !== undefined) throw invalid('only --scale or --scale-max can be specified')
  if (min !== undefined) throw invalid('only --scale or --scale-min can be specified')
  const dots = scale.indexOf('..')
  if (dots < 0) {
    if (!/^[+-]?\d+$/.test(scale)) throw invalid('Scale must be of the format x..y or x')
    const both = parseScale(scale)
    return {min: both, max: both}
  }
  const [from, to] = [scale.slice(0, dots), scale.slice(dots + 2)]
  return {
    min: from === '' ? undefined : parseScale(from),
    max: to === '' ? undefined : parseScale(to),
  }
}

function parseScale(text: string): number {
  try {
    return atoi(text)
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

function checkDuration(text: string | undefined, flag: string): string | undefined {
  if (text === undefined) return undefined
  try {
    parseDuration(text)
    return text
  } catch (error) {
    throw invalid(`invalid duration for '${flag}': ${(error as Error).message}`)
  }
}

/** A duration of whole seconds that is not negative. Throws `KN_USAGE` with the flag's name. */
export function checkSeconds(text: string | undefined, flag: string): string | undefined {
  const checked = checkDuration(text, flag)
  if (checked === undefined) return undefined
  const durationMs = parseDuration(checked)
  if (durationMs >= 0 && isWholeSeconds(durationMs)) return checked
  throw invalid(`invalid duration for '${flag}': ${checked} is not a number of whole seconds`)
}

const AGGREGATIONS = ['linear', 'weighted-exponential']

function checkAggregation(text: string | undefined): string | undefined {
  if (text === undefined || AGGREGATIONS.includes(text)) return text
  throw invalid(`invalid --scale-aggregation ${text}. Valid arguments: ${AGGREGATIONS.join(' | ')}`)
}

function checkBurstCapacity(capacity: number | undefined): number | undefined {
  if (capacity === undefined || capacity >= 0 || capacity === -1) return capacity
  throw invalid(`invalid --scale-burst-capacity ${capacity} (-1, or not less than 0)`)
}

function checkPercent(
  percent: number | undefined,
  [min, max]: readonly [number, number],
  flag: string,
): number | undefined {
  if (percent === undefined || (percent >= min && percent <= max)) return percent
  throw invalid(`invalid --${flag} ${percent} (from ${min} to ${max})`)
}

function checkInitialScale({scaleInit, annotations = []}: ServiceEdits): number | undefined {
  const [key] = INITIAL_SCALE_ANNOTATION
  if (scaleInit !== undefined && annotations.some((text) => text.includes(key))) {
    throw invalid(`only one of the --scale-init or --annotation ${key} can be specified`)
  }
  return scaleInit
}

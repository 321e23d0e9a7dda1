/** How a revision scales: annotations of its template. */
import {
  ACTIVATION_SCALE_ANNOTATION,
  INITIAL_SCALE_ANNOTATION,
  MAX_SCALE_ANNOTATION,
  METRIC_ANNOTATION,
  MIN_SCALE_ANNOTATION,
  TARGET_ANNOTATION,
  TARGET_UTILIZATION_PERCENTAGE_ANNOTATION,
  WINDOW_ANNOTATION,
} from '../../../api/autoscaling/annotations.ts'
import {parseDuration} from '../../../util/duration.ts'
import {atoi} from '../../../util/strconv.ts'
import {invalid} from './notation.ts'
import type {ServiceEdits} from './service-edits.ts'

/** The annotations that the edits of scale come to, by key. Throws `KN_USAGE`. */
export function scaleAnnotations(edits: ServiceEdits): Record<string, string> {
  const {min, max} = scaleRange(edits)
  const values = [
    [MIN_SCALE_ANNOTATION, min],
    [MAX_SCALE_ANNOTATION, max],
    [WINDOW_ANNOTATION, checkWindow(edits.scaleWindow)],
    [TARGET_ANNOTATION, edits.scaleTarget],
    [METRIC_ANNOTATION, edits.scaleMetric],
    [ACTIVATION_SCALE_ANNOTATION, edits.scaleActivation],
    [TARGET_UTILIZATION_PERCENTAGE_ANNOTATION, edits.scaleUtilization],
    [INITIAL_SCALE_ANNOTATION, checkInitialScale(edits)],
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

function checkWindow(window: string | undefined): string | undefined {
  if (window === undefined) return undefined
  try {
    parseDuration(window)
    return window
  } catch (error) {
    throw invalid(`invalid duration for 'scale-window': ${(error as Error).message}`)
  }
}

function checkInitialScale({scaleInit, annotations = []}: ServiceEdits): number | undefined {
  const [key] = INITIAL_SCALE_ANNOTATION
  if (scaleInit !== undefined && annotations.some((text) => text.includes(key))) {
    throw invalid(`only one of the --scale-init or --annotation ${key} can be specified`)
  }
  return scaleInit
}

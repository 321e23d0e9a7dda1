/** Makes checks, all at once, none of them longer than it may take. */
import {StatusError} from '../api/meta/status-error.ts'
import type {ErrorCode} from '../errors/catalog.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import type {Clock, Timer} from '../util/clock.ts'
import {messageOf} from '../util/message-of.ts'
import type {Check, CheckCategory, Problem, Verdict} from './check.ts'
import {missingNeed} from './needs.ts'
import type {Patient} from './patient.ts'

/** How long one check may take: together they take no longer, since all run at once. */
const DEADLINE_MS = 5000

/**
 * What came of a check. `forbidden`: what it reads may not be read. `unknown`: there was no answer,
 * or not in time.
 */
export type FindingResult = Verdict['result'] | 'forbidden' | 'unknown'

/** What a check found. */
export interface Finding extends Omit<Partial<Problem>, 'result'> {
  readonly id: string
  readonly category: CheckCategory
  readonly title: string
  readonly result: FindingResult
  readonly elapsedMs: number
}

/** Findings in the order of the checks; no check can make another one fail. */
export function runChecks(
  checks: readonly Check[],
  patient: Patient,
  {deadlineMs = DEADLINE_MS}: {deadlineMs?: number} = {},
): Promise<Finding[]> {
  return Promise.all(checks.map((check) => runCheck(check, patient, deadlineMs)))
}

async function runCheck(check: Check, patient: Patient, deadlineMs: number): Promise<Finding> {
  const {id, category, title} = check
  const startedMs = patient.clock.now()
  const found = await withinTime(examine(check, patient), patient.clock, deadlineMs)
  return {id, category, title, ...found, elapsedMs: patient.clock.now() - startedMs}
}

const RESULTS: Partial<Record<ErrorCode, FindingResult>> = {
  KN_FORBIDDEN: 'forbidden',
  KN_NOT_FOUND: 'error',
  KN_CONFLICT: 'error',
  KN_USAGE: 'error',
  KN_CONFIG_INVALID: 'error',
}

type Found = Pick<Finding, 'result'> & Omit<Partial<Problem>, 'result'>

async function examine(check: Check, patient: Patient): Promise<Found> {
  try {
    const missing = await missingNeed(check.needs, patient)
    if (missing !== undefined) return {result: 'skipped', message: missing}
    const verdict = await check.examine(patient)
    return verdict.result === 'skipped' ? {result: 'skipped', message: verdict.reason} : verdict
  } catch (error) {
    return explainFailure(error)
  }
}

/**
 * What a failure to read says about the check.
 *
 * | failure                                       | result      |
 * |-----------------------------------------------|-------------|
 * | the cluster or AWS refuses to tell            | `forbidden` |
 * | no answer, throttled, a bug                   | `unknown`   |
 * | it cannot be: no such zone, several, no region| `error`     |
 */
function explainFailure(error: unknown): Found {
  if (error instanceof StatusError) {
    return error.code === 403 || error.code === 401
      ? {result: 'forbidden', message: error.message, command: 'kubectl auth whoami'}
      : {result: 'unknown', message: error.message}
  }
  if (error instanceof KntoolError) {
    const [hint] = error.hints
    return {
      result: RESULTS[error.code] ?? 'unknown',
      message: error.message,
      ...(hint !== undefined && {hint}),
      code: error.code,
    }
  }
  return {result: 'unknown', message: messageOf(error)}
}

async function withinTime(
  examining: Promise<Found>,
  clock: Clock,
  deadlineMs: number,
): Promise<Found> {
  let timer: Timer | undefined
  const late = new Promise<Found>((resolve) => {
    timer = clock.after(deadlineMs, () =>
      resolve({result: 'unknown', message: `there was no answer within ${deadlineMs / 1000} s`}),
    )
  })
  try {
    return await Promise.race([examining, late])
  } finally {
    timer?.cancel()
  }
}

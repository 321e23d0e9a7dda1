import {Box, Text} from 'ink'
import {createElement as h, type ReactNode} from 'react'
import {fitSteps, type TreeStep} from './tree-model.ts'

/** What the tree shows. */
export interface InstallTreeProps {
  readonly steps: readonly TreeStep[]
  readonly nowMs: number
  /** The lines of the terminal. */
  readonly rows: number
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** How long one picture of the spinner stays. */
export const FRAME_MS = 100

/**
 * The steps of an installation: those that ended with their time, the running one with what it waits
 * for and the newest warning of that.
 *
 * @example
 *   ✓ Kinds of Knative Serving  0.4 s
 *   ⠙ Knative Serving  12 s
 *     waiting for the Deployment webhook (0 of 1 available)
 *     ! FailedScheduling: 0/3 nodes are available
 *   · Istio
 */
export function InstallTree({steps, nowMs, rows}: InstallTreeProps): ReactNode {
  // The cursor stands below the last line.
  const visible = fitSteps(steps, rows - 1)
  return h(
    Box,
    {flexDirection: 'column'},
    visible.above > 0 && h(Line, {key: 'above', dim: true}, `… ${visible.above} done`),
    ...visible.steps.map((step) => h(StepLines, {key: step.id, step, nowMs})),
    visible.below > 0 && h(Line, {key: 'below', dim: true}, `… ${visible.below} more`),
  )
}

function StepLines({step, nowMs}: {step: TreeStep; nowMs: number}): ReactNode {
  const {title, state, startedMs = nowMs, elapsedMs, detail, warning} = step
  switch (state) {
    case 'pending':
      return h(Line, {dim: true}, `· ${title}`)
    case 'skipped':
      return h(Line, {dim: true}, `- ${title}: ${detail ?? ''}`)
    case 'done':
      return h(Line, {}, h(Text, {color: 'green'}, '✓'), ` ${title}${timeText(elapsedMs)}`)
    case 'failed':
    case 'running':
      return h(
        Box,
        {flexDirection: 'column'},
        state === 'failed'
          ? h(Line, {}, h(Text, {color: 'red'}, '✗'), ` ${title}${timeText(elapsedMs)}`)
          : h(Line, {}, `${spinner(nowMs)} ${title}${timeText(nowMs - startedMs)}`),
        detail !== undefined && h(Line, {dim: true}, `  ${detail}`),
        warning !== undefined && h(Line, {}, h(Text, {color: 'yellow'}, `  ! ${warning}`)),
      )
  }
}

/** One line, cut off where the terminal ends. */
function Line({dim = false, children}: {dim?: boolean; children?: ReactNode}): ReactNode {
  return h(Text, {wrap: 'truncate-end', dimColor: dim}, children)
}

function spinner(nowMs: number): string {
  return SPINNER[Math.floor(nowMs / FRAME_MS) % SPINNER.length] ?? ''
}

function timeText(elapsedMs: number | undefined): string {
  if (elapsedMs === undefined) return ''
  const seconds = elapsedMs / 1000
  if (seconds < 10) return `  ${seconds.toFixed(1)} s`
  const whole = Math.floor(seconds)
  return whole < 60 ? `  ${whole} s` : `  ${Math.floor(whole / 60)} min ${whole % 60} s`
}

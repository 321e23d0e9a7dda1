import type {ErrorCode} from '../../errors/catalog.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {InstallContext, Step} from '../step.ts'

/** Something because of which an installation would fail. */
export interface Obstacle {
  /** The check that found it. */
  readonly check: string
  readonly message: string
  readonly hints: readonly string[]
  /** The error that the installation ends with. */
  readonly code: ErrorCode
}

/** What was found before the first write. */
export interface PreflightResult {
  readonly obstacles: readonly Obstacle[]
  /** What a person should know, although it does not stop anything. */
  readonly warnings: readonly string[]
}

/** Looks at the cluster and what stands around it; only reads. */
export type Preflight = (context: InstallContext) => Promise<PreflightResult>

/** Asks, before anything is written, for everything that would stop the installation later. */
export function preflightStep(look: Preflight): Step {
  return {
    id: 'preflight',
    title: 'Preflight',
    onlyReads: true,
    check: async () => ({state: 'needed'}),
    async plan(context) {
      const {obstacles, warnings} = await look(context)
      return {changes: [], warnings: [...obstacles.map(({message}) => message), ...warnings]}
    },
    async apply(context) {
      const {obstacles, warnings} = await look(context)
      const error = obstacleError(obstacles)
      if (error !== undefined) throw error
      for (const warning of warnings) context.progress(warning)
      if (warnings.length > 0) context.note({warnings})
    },
    observe: async () => ({done: true}),
  }
}

/** One error for all obstacles, with the code and the hints of the first. */
function obstacleError(obstacles: readonly Obstacle[]): KntoolError | undefined {
  const [first, ...others] = obstacles
  if (first === undefined) return undefined
  const list = obstacles.map(({message}) => `\n  - ${message}`).join('')
  return new KntoolError(
    first.code,
    others.length === 0
      ? first.message
      : `${obstacles.length} things stand in the way of the installation:${list}`,
    {
      hint: [...first.hints, 'Nothing was written.'],
      details: {obstacles: obstacles.map(({check, code, message}) => ({check, code, message}))},
    },
  )
}

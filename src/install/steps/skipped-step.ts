import type {Step} from '../step.ts'

/** A step that has nothing to do on the embedded cluster, and says why. */
export function skippedOnEmbedded(options: {
  readonly id: string
  readonly title: string
  readonly reason: string
}): Step {
  return {
    id: options.id,
    title: options.title,
    check: () => Promise.resolve({state: 'skipped', reason: options.reason}),
    plan: () => Promise.resolve([]),
    apply: () => Promise.resolve(),
    verify: () => Promise.resolve(),
  }
}

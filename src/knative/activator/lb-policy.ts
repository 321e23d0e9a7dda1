import type {PodTracker} from './pod-tracker.ts'

/**
 * Picks the pod for one request and reserves its place there, or undefined when none has room.
 *
 * Counterpart of lbPolicy in knative.dev/serving `pkg/activator/net`.
 */
export type LbPolicy = (trackers: readonly PodTracker[]) => PodTracker | undefined

/**
 * The policy for a concurrency limit:
 *
 * | containerConcurrency | policy                                            |
 * | -------------------- | ------------------------------------------------- |
 * | 0 (none)             | the less busy of two random pods                  |
 * | 1 to 3               | the first with room: few pods are kept fully busy |
 * | above                | in turn                                           |
 *
 * `random` gives numbers from 0 up to, not including, 1.
 */
export function makeLbPolicy(containerConcurrency: number, random: () => number): LbPolicy {
  if (containerConcurrency === 0) return randomChoiceOfTwo(random)
  return containerConcurrency <= 3 ? firstAvailable : roundRobin()
}

/** The less busy of two random pods: nearly as even as the least busy of all, without a search. */
export function randomChoiceOfTwo(random: () => number): LbPolicy {
  return (trackers) => {
    const picked = pickOfTwo(trackers, random)
    return picked?.reserve() === true ? picked : undefined
  }
}

function pickOfTwo(trackers: readonly PodTracker[], random: () => number): PodTracker | undefined {
  const count = trackers.length
  if (count <= 1) return trackers[0]
  let first = 0
  let second = 1
  if (count > 2) {
    first = Math.floor(random() * count)
    second = Math.floor(random() * (count - 1))
    // The second is drawn from the others, so it skips the first.
    if (second >= first) second++
  }
  const left = trackers[first]
  const right = trackers[second]
  if (left === undefined || right === undefined) return left ?? right
  if (left.weight === right.weight) return random() < 0.5 ? left : right
  return left.weight < right.weight ? left : right
}

/** The first pod that has room. */
export const firstAvailable: LbPolicy = (trackers) => trackers.find((tracker) => tracker.reserve())

/** The next pod that has room, in turn. */
export function roundRobin(): LbPolicy {
  let next = 0
  return (trackers) => {
    const count = trackers.length
    // Pods may have gone since the last time.
    if (next >= count) next = 0
    for (let step = 0; step < count; step++) {
      const at = (next + step) % count
      const tracker = trackers[at]
      if (tracker?.reserve() === true) {
        next = at + 1
        return tracker
      }
    }
    return undefined
  }
}

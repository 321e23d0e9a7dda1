import type {Clock} from '../../util/clock.ts'
import {MetricCollector} from './metric-collector.ts'
import {MultiScaler} from './multi-scaler.ts'
import type {Stat, StatScraper} from './stat.ts'

/** The autoscaler of a cluster. */
export interface Autoscaler {
  readonly collector: MetricCollector
  readonly deciders: MultiScaler
  /** Takes what the activator measured for a revision (`namespace/name`) in the last second. */
  report(revision: string, stat: Stat): void
  /** Ends all timers. */
  stop(): void
}

/**
 * Puts collector and deciders together: load wakes deciders, and load for a revision at zero is
 * decided upon at once.
 */
export function createAutoscaler(options: {
  clock: Clock
  scrape: StatScraper
  /** Ready pods of a revision (`namespace/name`). */
  readyPods: (revision: string) => number
}): Autoscaler {
  const {clock, scrape, readyPods} = options
  const collector = new MetricCollector({clock, scrape})
  const deciders = new MultiScaler({clock, metrics: collector, readyPods})
  collector.watchActivity((revision) => deciders.wake(revision))
  return {
    collector,
    deciders,
    report: (revision, stat) => {
      collector.record(revision, stat)
      deciders.poke(revision, stat)
    },
    stop: () => {
      collector.stop()
      deciders.stop()
    },
  }
}

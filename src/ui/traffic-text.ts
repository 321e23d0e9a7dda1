/** Shares of traffic as text. */
import type {TrafficTarget} from '../api/serving/v1.ts'

/** ` 50%`: right-aligned to four characters. */
export function formatPercent(percent = 0): string {
  return `${String(percent).padStart(3)}%`
}

/** `@latest (hello-00003) #candidate` or `hello-00002`. */
export function formatTarget({revisionName = '', latestRevision, tag}: TrafficTarget): string {
  const name = latestRevision ? `@latest (${revisionName})` : revisionName
  return tag ? `${name} #${tag}` : name
}

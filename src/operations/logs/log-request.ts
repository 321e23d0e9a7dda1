import type {LogPart} from './open-log.ts'

/** Whose logs to read, and which part of them. */
export interface LogRequest extends LogPart {
  readonly namespace: string
  /** The Service. */
  readonly name: string
  /** One revision only; see `resolveReference`. */
  readonly revision?: string | undefined
  /** One container of each pod only; without it all but Knative's own. */
  readonly container?: string | undefined
  readonly signal?: AbortSignal
  /** Something a person should know, such as that there are no pods. */
  readonly onNotice?: (text: string) => void
}

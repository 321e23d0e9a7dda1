import type {WaitLimits} from '../operations/service/wait-until-ready.ts'

/** The values of `waitFlags`. */
export interface WaitFlagValues {
  readonly wait?: boolean | undefined
  readonly 'wait-timeout'?: number | undefined
  readonly 'wait-window'?: number | undefined
}

/** How long to wait by the flags; kn's defaults are 600 and 2 seconds. */
export function waitLimits(flags: WaitFlagValues): WaitLimits {
  return {
    timeoutMs: (flags['wait-timeout'] ?? 600) * 1000,
    windowMs: (flags['wait-window'] ?? 2) * 1000,
  }
}

/**
 * Every error a person can meet, by code. `docs/errors.md` has a section for each; a test compares
 * the two. Codes are never reused.
 *
 * Exit codes are a contract for scripts: 1 failed · 2 usage · 3 not found · 4 unreachable ·
 * 5 forbidden · 6 timed out · 7 conflict · 70 bug · 130 interrupted.
 */
export const ERROR_CATALOG = {
  KN_BUG: {exit: 70},
  KN_FAILED: {exit: 1},
  KN_USAGE: {exit: 2},
  KN_NOT_FOUND: {exit: 3},
  KN_UNREACHABLE: {exit: 4},
  KN_FORBIDDEN: {exit: 5},
  KN_TIMEOUT: {exit: 6},
  KN_CONFLICT: {exit: 7},
  KN_INTERRUPTED: {exit: 130},
  KN_NOT_READY: {exit: 1},
  KN_UNSUITABLE: {exit: 1},
  KN_PORT_IN_USE: {exit: 1},
  KN_DATA_DIR_LOCKED: {exit: 7},
  KN_DATA_DIR_UNUSABLE: {exit: 1},
  KN_DATA_CORRUPT: {exit: 1},
  KN_DATA_TOO_NEW: {exit: 1},
  KN_RUNTIME_UNAVAILABLE: {exit: 1},
  KN_CONFIG_INVALID: {exit: 2},
} as const satisfies Record<`KN_${string}`, {exit: number}>

/** A code of {@link ERROR_CATALOG}. */
export type ErrorCode = keyof typeof ERROR_CATALOG

import type {ApiResponse} from '../../../api/transport.ts'
import type {Query} from '../request-context.ts'
import {text} from './plain-text.ts'

/** The checks behind each endpoint. In one process they stand or fall together. */
export const HEALTH_CHECKS = {
  healthz: ['ping', 'log', 'etcd'],
  livez: ['ping', 'log', 'etcd'],
  readyz: ['ping', 'log', 'etcd', 'informer-sync', 'shutdown'],
} as const

/** Answers `ok`, with `?verbose` each check; undefined for a check there is not. */
export function healthCheck(
  endpoint: keyof typeof HEALTH_CHECKS,
  rest: readonly string[],
  query: Query,
): ApiResponse | undefined {
  const checks: readonly string[] = HEALTH_CHECKS[endpoint]
  const single = rest.join('/')
  if (single !== '') return checks.includes(single) ? text(200, 'ok') : undefined
  if (!query.has('verbose')) return text(200, 'ok')
  const excluded = query.get('exclude')
  const lines = checks.map((check) => `[+]${check} ${check === excluded ? 'excluded: ok' : 'ok'}`)
  return text(200, `${lines.join('\n')}\n${endpoint} check passed\n`)
}

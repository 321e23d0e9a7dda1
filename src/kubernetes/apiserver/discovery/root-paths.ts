import type {ResourceRegistry} from '../request-context.ts'
import {HEALTH_CHECKS} from './health.ts'

/** The paths that `/` lists. */
export function rootPaths(registry: ResourceRegistry): string[] {
  const groups = registry
    .groups()
    .flatMap(({name, versions}) => [
      `/apis/${name}`,
      ...versions.map((version) => `/apis/${name}/${version}`),
    ])
  const health = Object.entries(HEALTH_CHECKS).flatMap(([endpoint, checks]) => [
    `/${endpoint}`,
    ...checks.map((check) => `/${endpoint}/${check}`),
  ])
  return [
    '/api',
    '/api/v1',
    '/apis',
    '/apis/',
    ...groups,
    ...health,
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    '/version',
  ].toSorted()
}

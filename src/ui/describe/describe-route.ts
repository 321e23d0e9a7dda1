import type {Route} from '../../api/serving/v1.ts'
import {type DescribeOptions, writeConditions, writeMetadata} from './describe-parts.ts'
import {DescribeWriter} from './describe-writer.ts'
import {writeTraffic} from '../traffic-text.ts'

/** A route as text. */
export function describeRoute(route: Route, options: DescribeOptions): string {
  const writer = new DescribeWriter()
  writeMetadata(writer, route.metadata, options)
  writer.attribute('URL', route.status?.url ?? '')
  let service = ''
  for (const {kind, name, apiVersion} of route.metadata.ownerReferences ?? []) {
    if (kind === 'Service') service = options.verbose ? `${name} (${apiVersion})` : name
    writer.attribute('Service', service)
  }
  writer.blank()
  writeTraffic(writer, route.status?.traffic ?? [])
  writer.blank()
  writeConditions(writer, route.status?.conditions ?? [], options)
  return writer.toString()
}

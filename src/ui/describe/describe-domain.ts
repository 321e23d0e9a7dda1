import type {DomainMapping} from '../../api/serving/v1.ts'
import {type DescribeOptions, writeConditions, writeMetadata} from './describe-parts.ts'
import {DescribeWriter} from './describe-writer.ts'

/** A DomainMapping as text. */
export function describeDomain(mapping: DomainMapping, options: DescribeOptions): string {
  const {metadata, spec, status} = mapping
  const writer = new DescribeWriter()
  writeMetadata(writer, metadata, options)
  writer.blank()
  writer.attribute('URL', status?.url ?? '')
  writer.blank()
  const section = writer.attribute('Reference', '')
  section.attribute('APIVersion', spec.ref.apiVersion ?? '')
  section.attribute('Kind', spec.ref.kind ?? '')
  section.attribute('Name', spec.ref.name ?? '')
  const {namespace = ''} = spec.ref
  if (namespace !== metadata.namespace) section.attribute('Namespace', namespace)
  writer.blank()
  writeConditions(writer, status?.conditions ?? [], options)
  return writer.toString()
}

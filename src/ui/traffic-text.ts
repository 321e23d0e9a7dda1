/** Shares of traffic as text. */
import type {Service, TrafficTarget} from '../api/serving/v1.ts'
import {DescribeWriter} from './describe/describe-writer.ts'
import type {OutputPrinter} from './output-printer.ts'

/** ` 50%`: right-aligned to four characters. */
function formatPercent(percent = 0): string {
  return `${String(percent).padStart(3)}%`
}

/** `@latest (hello-00003) #candidate` or `hello-00002`. */
function formatTarget({revisionName = '', latestRevision, tag}: TrafficTarget): string {
  const name = latestRevision ? `@latest (${revisionName})` : revisionName
  return tag ? `${name} #${tag}` : name
}

/**
 * Where the traffic of a Service goes, by its status.
 *
 * @example
 *   Traffic Targets:
 *      80%  @latest (hello-00004) #stable
 *           URL:  http://stable-hello.default.example.com
 *      20%  hello-00001
 */
export function renderTraffic(service: Service): string {
  const writer = new DescribeWriter()
  writeTraffic(writer, service.status?.traffic ?? [])
  return writer.toString()
}

/** The section of {@link renderTraffic} in a longer text. */
export function writeTraffic(writer: DescribeWriter, targets: readonly TrafficTarget[]): void {
  const section = writer.attribute('Traffic Targets', '')
  writer.flush()
  for (const target of targets) {
    const below = section.columns(formatPercent(target.percent), formatTarget(target))
    if (target.tag) below.attribute('URL', target.url ?? '')
  }
}

/** The targets of a Service's status, or the names of their revisions, a line for each. */
export function printTraffic(service: Service, printer: OutputPrinter | 'name'): string {
  const targets = service.status?.traffic ?? []
  return printer === 'name'
    ? targets.map(({revisionName = ''}) => `${revisionName}\n`).join('')
    : printer.document(targets)
}

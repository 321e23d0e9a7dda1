import {getCondition} from '../../api/condition-set.ts'
import type {Service} from '../../api/serving/v1.ts'
import type {
  RevisionSummary,
  ServiceDescription,
} from '../../operations/service/describe-service.ts'
import {shortAgeSince} from '../age.ts'
import {type DescribeOptions, writeConditions, writeMetadata} from './describe-parts.ts'
import {writeImage, writeReplicas, writeSettings} from './describe-revision.ts'
import {DescribeWriter} from './describe-writer.ts'

/** A Service with its revisions as text. */
export function renderServiceDescription(
  {service, revisions}: ServiceDescription,
  options: DescribeOptions,
): string {
  const writer = new DescribeWriter()
  writeService(writer, service, options)
  writer.blank()
  writer.flush()
  const section = writer.attribute('Revisions', '')
  writer.flush()
  for (const summary of revisions) writeRevision(section, summary, options)
  writer.blank()
  writer.flush()
  writeConditions(writer, service.status?.conditions ?? [], options)
  return writer.toString()
}

function writeService(writer: DescribeWriter, service: Service, options: DescribeOptions): void {
  const {metadata, spec, status} = service
  writeMetadata(writer, metadata, options)
  writer.attribute('URL', status?.url ?? '')
  if (options.verbose && status?.address !== undefined) {
    writer.attribute('Cluster', status.address.url ?? '')
  }
  const {serviceAccountName, imagePullSecrets} = spec.template.spec
  if (serviceAccountName) writer.attribute('Service Account', serviceAccountName)
  const [secret] = imagePullSecrets ?? []
  if (secret !== undefined) writer.attribute('Image Pull Secret', secret.name ?? '')
}

function writeRevision(
  section: DescribeWriter,
  summary: RevisionSummary,
  options: DescribeOptions,
): void {
  const {revision} = summary
  const ready = getCondition(revision.status, 'Ready')
  const bullet = formatBullet(summary.percent, ready?.status)
  const below = section.columns(bullet, formatHeader(summary, options.nowMs))
  if (ready?.status === 'False') below.attribute('Error', ready.reason ?? '')
  writeImage(below, revision)
  writeReplicas(below, revision)
  if (options.verbose) writeSettings(below, revision, true)
}

/** ` 80%`, `   +` ready without traffic, `   !` failed, `   ?` not known yet. */
function formatBullet(percent: number, ready: string | undefined): string {
  const number = percent === 0 ? '   ' : String(percent).padStart(3)
  if (ready === 'False') return `${number}!`
  if (ready !== 'True') return `${number}?`
  return `${number}${percent > 0 ? '%' : '+'}`
}

function formatHeader(summary: RevisionSummary, nowMs: number): string {
  const {name, creationTimestamp} = summary.revision.metadata
  const tag = summary.tag === undefined ? '' : ` #${summary.tag}`
  const age = shortAgeSince(creationTimestamp, nowMs)
  return `${describeRole(summary, name)}${tag} [${summary.generation}] (${age})`
}

function describeRole(summary: RevisionSummary, name: string): string {
  if (summary.latestTarget) return `@latest (${name})`
  if (summary.latestReady) return `${name} (current @latest)`
  return summary.latestCreated ? `${name} (latest created)` : name
}

import {
  MAX_SCALE_ANNOTATION,
  MIN_SCALE_ANNOTATION,
  TARGET_ANNOTATION,
  TARGET_UTILIZATION_PERCENTAGE_ANNOTATION,
  WINDOW_ANNOTATION,
} from '../../api/autoscaling/annotations.ts'
import type {Container} from '../../api/core/v1.ts'
import {CONFIGURATION_GENERATION_LABEL} from '../../api/serving/metadata-keys.ts'
import type {Revision, Service} from '../../api/serving/v1.ts'
import {USER_IMAGE_ANNOTATION} from '../../operations/names.ts'
import {serviceOf, trafficOf} from '../../operations/revision/list-revisions.ts'
import {mainContainer} from '../../operations/service/main-container.ts'
import {type DescribeOptions, writeConditions, writeList, writeMetadata} from './describe-parts.ts'
import {DescribeWriter} from './describe-writer.ts'

/** A revision as text; `service` is needed when everything is shown. */
export function describeRevision(
  revision: Revision,
  service: Service | undefined,
  options: DescribeOptions,
): string {
  const writer = new DescribeWriter()
  writeMetadata(writer, revision.metadata, options)
  writeImage(writer, revision)
  writeReplicas(writer, revision)
  writeSettings(writer, revision, options.verbose)
  const owner = serviceOf(revision)
  if (owner !== undefined) {
    const section = writer.attribute('Service', owner)
    if (options.verbose) writeOwnership(section, revision, service)
  }
  writer.blank()
  writeConditions(writer, revision.status?.conditions ?? [], options)
  return writer.toString()
}

/** `Image:`, with the digest it is pinned to. */
export function writeImage(writer: DescribeWriter, revision: Revision): void {
  const container = mainContainer(revision.spec)
  if (container === undefined) {
    writer.attribute('Image', 'Unknown')
    return
  }
  let image = container.image ?? ''
  const digest = revision.status?.containerStatuses?.[0]?.imageDigest
  if (digest === undefined || digest === '') {
    writer.attribute('Image', image)
    return
  }
  const userImage = revision.metadata.annotations?.[USER_IMAGE_ANNOTATION]
  const repository = image.split(image.includes('@') ? '@' : ':')[0] ?? ''
  let relation = 'at'
  if (userImage !== undefined && userImage !== '' && userImage.startsWith(repository)) {
    relation = 'pinned to'
    image = userImage
  }
  writer.attribute('Image', `${image} (${relation} ${shortenDigest(digest)})`)
}

/** `Replicas:`, actual and desired, once both are known. */
export function writeReplicas(writer: DescribeWriter, revision: Revision): void {
  const {actualReplicas, desiredReplicas} = revision.status ?? {}
  if (actualReplicas === undefined || desiredReplicas === undefined) return
  writer.attribute('Replicas', `${actualReplicas}/${desiredReplicas}`)
}

/** Port, environment, scale, concurrency and resources, as far as they are set. */
export function writeSettings(writer: DescribeWriter, revision: Revision, verbose: boolean): void {
  const container = mainContainer(revision.spec)
  const [port] = container?.ports ?? []
  if (port !== undefined) writer.attribute('Port', String(port.containerPort))
  writeList(writer, 'Env', environmentOf(container), verbose)
  writeList(writer, 'EnvFrom', sourcesOf(container), verbose)
  writeScale(writer, revision)
  writeConcurrency(writer, revision)
  writeResource(writer, 'Memory', container, 'memory')
  writeResource(writer, 'CPU', container, 'cpu')
}

function writeOwnership(
  section: DescribeWriter,
  {metadata}: Revision,
  service: Service | undefined,
): void {
  const {latestCreatedRevisionName, latestReadyRevisionName} = service?.status ?? {}
  const generation = metadata.labels?.[CONFIGURATION_GENERATION_LABEL] ?? ''
  section.attribute('Configuration Generation', generation)
  section.attribute('Latest Created', String(metadata.name === latestCreatedRevisionName))
  section.attribute('Latest Ready', String(metadata.name === latestReadyRevisionName))
  const {percent, tags} = trafficOf(metadata.name, service)
  if (percent !== 0) section.attribute('Traffic', `${percent}%`)
  writeList(section, 'Tags', tags, true)
}

function environmentOf(container: Container | undefined): string[] {
  return (container?.env ?? []).map(
    ({name, value = '', valueFrom}) => `${name}=${valueFrom === undefined ? value : '[ref]'}`,
  )
}

function sourcesOf(container: Container | undefined): string[] {
  return (container?.envFrom ?? []).flatMap(({configMapRef, secretRef}) => [
    ...(configMapRef === undefined ? [] : [`cm:${configMapRef.name ?? ''}`]),
    ...(secretRef === undefined ? [] : [`secret:${secretRef.name ?? ''}`]),
  ])
}

function writeScale(writer: DescribeWriter, revision: Revision): void {
  const min = annotation(revision, MIN_SCALE_ANNOTATION[0])
  const max = annotation(revision, MAX_SCALE_ANNOTATION[0])
  if (min === undefined && max === undefined) return
  const wrong = [min, max].find((text) => text !== undefined && !/^[+-]?\d+$/.test(text))
  writer.attribute(
    'Scale',
    wrong === undefined
      ? `${min ?? '0'} ... ${max ?? '∞'}`
      : `Misformatted: strconv.Atoi: parsing "${wrong}": invalid syntax`,
  )
}

function writeConcurrency(writer: DescribeWriter, revision: Revision): void {
  const limit = revision.spec.containerConcurrency ?? 0
  const settings = [
    ['Limit', limit === 0 ? undefined : String(limit)],
    ['Target', integerAnnotation(revision, TARGET_ANNOTATION[0])],
    ['Window', annotation(revision, WINDOW_ANNOTATION[0])],
    ['TargetUtilization', integerAnnotation(revision, TARGET_UTILIZATION_PERCENTAGE_ANNOTATION[0])],
  ] as const
  const given = settings.filter(([, value]) => value !== undefined && value !== '')
  if (given.length === 0) return
  const section = writer.attribute('Concurrency', '')
  for (const [label, value] of given) section.attribute(label, value ?? '')
}

function writeResource(
  writer: DescribeWriter,
  label: string,
  container: Container | undefined,
  resource: string,
): void {
  const {requests, limits} = container?.resources ?? {}
  const amounts = [requests?.[resource], limits?.[resource]].filter(
    (amount) => amount !== undefined && !/^0+[a-zA-Z]*$/.test(amount),
  )
  if (amounts.length > 0) writer.attribute(label, amounts.join(' ... '))
}

function annotation(revision: Revision, key: string): string | undefined {
  return revision.metadata.annotations?.[key]
}

function integerAnnotation(revision: Revision, key: string): string | undefined {
  const text = annotation(revision, key)
  return text !== undefined && /^[+-]?\d+$/.test(text) ? String(Number(text)) : undefined
}

function shortenDigest(digest: string): string {
  return /sha256:([0-9a-f]{64})/i.exec(digest)?.[1]?.slice(0, 6) ?? digest
}

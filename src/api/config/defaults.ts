/** `config-defaults`. Counterpart of knative.dev/serving `pkg/apis/config` (defaults). */
import {messageOf} from '../../util/message-of.ts'
import {GoStruct, GoTemplate} from '../../util/go-template/go-template.ts'
import type {ObjectMeta} from '../meta/object.ts'
import {type ConfigData, ConfigReader} from './config-data.ts'

/** What a revision gets where its author says nothing. Quantities are canonical texts. */
export interface DefaultsConfig {
  readonly revisionTimeoutSeconds: number
  readonly maxRevisionTimeoutSeconds: number
  readonly revisionResponseStartTimeoutSeconds: number
  readonly revisionIdleTimeoutSeconds: number
  /** A Go template over the metadata of the revision's parent. */
  readonly initContainerNameTemplate: string
  /** A Go template over the metadata of the revision's parent. */
  readonly userContainerNameTemplate: string
  readonly containerConcurrency: number
  readonly containerConcurrencyMaxLimit: number
  readonly allowContainerConcurrencyZero: boolean
  /** undefined leaves the choice to Kubernetes. */
  readonly enableServiceLinks: boolean | undefined
  readonly revisionCpuRequest?: string
  readonly revisionCpuLimit?: string
  readonly revisionMemoryRequest?: string
  readonly revisionMemoryLimit?: string
  readonly revisionEphemeralStorageRequest?: string
  readonly revisionEphemeralStorageLimit?: string
}

const TRI_STATE: Readonly<Record<string, boolean>> = {true: true, false: false}

/** Reads and judges `config-defaults`. Throws an Error with the text of upstream. */
export function parseDefaultsConfig(data: ConfigData): DefaultsConfig {
  const read = new ConfigReader(data)
  const initContainerNameTemplate = read.string('init-container-name-template', 'init-container')
  const userContainerNameTemplate = read.string('container-name-template', 'user-container')
  const initContainerName = new GoTemplate('container-template', initContainerNameTemplate)
  const userContainerName = new GoTemplate('container-template', userContainerNameTemplate)
  const serviceLinks = read.raw('enable-service-links')
  const allowContainerConcurrencyZero = read.boolean('allow-container-concurrency-zero', true)
  const revisionTimeoutSeconds = read.int64('revision-timeout-seconds', 300)
  const config: DefaultsConfig = {
    initContainerNameTemplate,
    userContainerNameTemplate,
    allowContainerConcurrencyZero,
    enableServiceLinks: serviceLinks === undefined ? false : TRI_STATE[serviceLinks.toLowerCase()],
    revisionTimeoutSeconds,
    maxRevisionTimeoutSeconds: read.int64('max-revision-timeout-seconds', 600),
    revisionIdleTimeoutSeconds: read.int64('revision-idle-timeout-seconds', 0),
    containerConcurrency: read.int64('container-concurrency', 0),
    containerConcurrencyMaxLimit: read.int64('container-concurrency-max-limit', 1000),
    ...readResources(read),
    revisionResponseStartTimeoutSeconds: read.int64(
      'revision-response-start-timeout-seconds',
      revisionTimeoutSeconds,
    ),
  }
  for (const problem of problems(config)) throw new Error(problem)
  checkName(userContainerName)
  checkName(initContainerName)
  return config
}

function readResources(read: ConfigReader) {
  const cpuRequest = read.quantity('revision-cpu-request')
  const memoryRequest = read.quantity('revision-memory-request')
  const storageRequest = read.quantity('revision-ephemeral-storage-request')
  const cpuLimit = read.quantity('revision-cpu-limit')
  const memoryLimit = read.quantity('revision-memory-limit')
  const storageLimit = read.quantity('revision-ephemeral-storage-limit')
  return {
    ...(cpuRequest !== undefined && {revisionCpuRequest: cpuRequest}),
    ...(memoryRequest !== undefined && {revisionMemoryRequest: memoryRequest}),
    ...(storageRequest !== undefined && {revisionEphemeralStorageRequest: storageRequest}),
    ...(cpuLimit !== undefined && {revisionCpuLimit: cpuLimit}),
    ...(memoryLimit !== undefined && {revisionMemoryLimit: memoryLimit}),
    ...(storageLimit !== undefined && {revisionEphemeralStorageLimit: storageLimit}),
  }
}

/** What is wrong, in the order upstream looks; the first one is what people read. */
function* problems(config: DefaultsConfig): Generator<string> {
  const timeout = config.revisionTimeoutSeconds
  const max = config.maxRevisionTimeoutSeconds
  const responseStart = config.revisionResponseStartTimeoutSeconds
  const idle = config.revisionIdleTimeoutSeconds
  const limit = config.containerConcurrencyMaxLimit
  const concurrency = config.containerConcurrency
  if (timeout > max) {
    yield `revision-timeout-seconds (${timeout}) cannot be greater than max-revision-timeout-seconds (${max})`
  }
  if (responseStart > 0 && responseStart > timeout) {
    yield `revision-response-start-timeout-seconds (${responseStart}) cannot be greater than revision-timeout-seconds (${timeout})`
  }
  if (idle > 0 && idle > timeout) {
    yield `revision-idle-timeout-seconds (${idle}) cannot be greater than revision-timeout-seconds (${timeout})`
  }
  if (limit < 1) {
    yield `expected 1 <= ${limit} <= 2147483647: container-concurrency-max-limit`
  }
  if (concurrency < 0 || concurrency > limit) {
    yield `expected 0 <= ${concurrency} <= ${limit}: container-concurrency`
  }
}

function checkName(template: GoTemplate): void {
  try {
    template.execute(objectMeta({}))
  } catch (error) {
    throw new Error(`error executing template: ${messageOf(error)}`, {cause: error})
  }
}

/** Metadata as a container name template sees it: the fields have their Go names. */
function objectMeta(metadata: Partial<ObjectMeta>): GoStruct {
  return new GoStruct('v1.ObjectMeta', {
    Name: metadata.name ?? '',
    GenerateName: metadata.generateName ?? '',
    Namespace: metadata.namespace ?? '',
    UID: metadata.uid ?? '',
    ResourceVersion: metadata.resourceVersion ?? '',
    Generation: metadata.generation ?? 0,
    CreationTimestamp: metadata.creationTimestamp ?? '',
    Labels: metadata.labels ?? {},
    Annotations: metadata.annotations ?? {},
    OwnerReferences: metadata.ownerReferences ?? [],
    Finalizers: metadata.finalizers ?? [],
  })
}

/** The name of a container without one. `parent` is the metadata of the Service or Configuration. */
export function containerNameFor(
  config: DefaultsConfig,
  container: 'user' | 'init',
  parent: Partial<ObjectMeta>,
): string {
  const text =
    container === 'user' ? config.userContainerNameTemplate : config.initContainerNameTemplate
  if (!text.includes('{{')) return text
  try {
    return new GoTemplate('container-template', text).execute(objectMeta(parent))
  } catch {
    // It worked for empty metadata; upstream too falls back to no name.
    return ''
  }
}

/** Edits to a Service, one after another in kn's order. Pure: what is given is not changed. */
import {formatTime} from '../../../api/condition-set.ts'
import type {Container} from '../../../api/core/v1.ts'
import {ROLLOUT_DURATION_ANNOTATION} from '../../../api/serving/metadata-keys.ts'
import type {Revision, Service} from '../../../api/serving/v1.ts'
import {UsageErrors} from '../../../errors/usage-errors.ts'
import {UPDATE_TIMESTAMP_ANNOTATION, USER_IMAGE_ANNOTATION} from '../../names.ts'
import {
  editPort,
  editPullPolicy,
  editResources,
  editSecurityContext,
  editUser,
} from './edit-container.ts'
import {editEnvFrom, editEnvironment} from './edit-environment.ts'
import {
  annotateTemplate,
  editAnnotations,
  editLabels,
  editProfile,
  editVisibility,
} from './edit-metadata.ts'
import {editProbe, editProbeOptions} from './edit-probe.ts'
import {checkSeconds, scaleAnnotations} from './edit-scale.ts'
import {addNodeAffinity, addTolerations, editNodeSelector} from './edit-scheduling.ts'
import {editVolumes} from './edit-volumes.ts'
import {forgetUserImage, pinToDigest, rememberUserImage} from './image-lock.ts'
import {invalid, naming} from './notation.ts'
import {makeRevisionName} from './revision-name.ts'
import {EDIT_NAMES, makesRevision, type ServiceEdits} from './service-edits.ts'

/** What the edits depend on besides the Service. */
export interface EditContext {
  readonly nowMs: number
  /** `apply` stays the same when repeated: no time stamp, and always pinned. */
  readonly purpose: 'create' | 'update' | 'apply'
  /** Whether the template is new as a whole, so that it makes a revision without any edit. */
  readonly newTemplate?: boolean
  /** The revision made from the present template, if it is known. */
  readonly baseRevision?: Revision | undefined
  readonly random?: () => number
}

/** A Service with the edits applied. Throws `KN_USAGE` with all that cannot be. */
export function applyEdits(service: Service, edits: ServiceEdits, context: EditContext): Service {
  const draft = structuredClone(service)
  const errors = new UsageErrors()
  for (const step of STEPS) errors.try(() => step(draft, edits, context))
  errors.throwAny()
  return draft
}

/** The template of a Service with the edits of container and pod only. Throws `KN_USAGE`. */
export function applyPodEdits(service: Service, edits: ServiceEdits): Service['spec']['template'] {
  const draft = structuredClone(service)
  const errors = new UsageErrors()
  for (const step of EDITS) errors.try(() => step(draft, edits, {nowMs: 0, purpose: 'create'}))
  errors.throwAny()
  return draft.spec.template
}

type Step = (service: Service, edits: ServiceEdits, context: EditContext) => void

/** A step for one field: skipped when it is not given. */
function edit<Name extends keyof ServiceEdits>(
  name: Name,
  run: (service: Service, value: NonNullable<ServiceEdits[Name]>) => void,
): Step {
  return (service, edits) => {
    const value = edits[name]
    if (value === undefined || value === null) return
    naming(EDIT_NAMES[name], () => run(service, value))
  }
}

/** A step for one field of the first container. */
function editContainer<Name extends keyof ServiceEdits>(
  name: Name,
  run: (container: Container, value: NonNullable<ServiceEdits[Name]>) => void,
): Step {
  return edit(name, (service, value) => run(firstContainer(service), value))
}

const EDITS: readonly Step[] = [
  editContainer('environment', editEnvironment),
  editContainer('envFrom', editEnvFrom),
  (service, {mounts, volumes}) => {
    if (mounts === undefined && volumes === undefined) return
    editVolumes(service.spec.template.spec, firstContainer(service), {
      mounts: mounts ?? [],
      volumes: volumes ?? [],
    })
  },
  editContainer('image', (container, image) => {
    container.image = image
  }),
  editContainer('pullPolicy', editPullPolicy),
  editContainer('requests', (container, texts) => editResources(container, 'requests', texts)),
  editContainer('limits', (container, texts) => editResources(container, 'limits', texts)),
  editContainer('command', (container, command) => {
    container.command = [...command]
  }),
  editContainer('args', (container, args) => {
    container.args = [...args]
  }),
  editContainer('port', editPort),
  edit('serviceAccount', ({spec: {template}}, name) => {
    if (name.trim() === '') delete template.spec.serviceAccountName
    else template.spec.serviceAccountName = name.trim()
  }),
  edit('pullSecret', ({spec: {template}}, name) => {
    if (name.trim() === '') delete template.spec.imagePullSecrets
    else template.spec.imagePullSecrets = [{name: name.trim()}]
  }),
  editContainer('user', editUser),
  edit('containers', putContainers),
  edit('initContainers', ({spec: {template}}, given) => {
    template.spec.initContainers = replaceByName(template.spec.initContainers ?? [], given)
  }),
  editContainer('livenessProbe', (container, text) => editProbe(container, 'livenessProbe', text)),
  editContainer('livenessProbeOptions', (container, text) =>
    editProbeOptions(container, 'livenessProbe', text),
  ),
  editContainer('readinessProbe', (container, text) =>
    editProbe(container, 'readinessProbe', text),
  ),
  editContainer('readinessProbeOptions', (container, text) =>
    editProbeOptions(container, 'readinessProbe', text),
  ),
  editContainer('startupProbe', (container, text) => editProbe(container, 'startupProbe', text)),
  editContainer('startupProbeOptions', (container, text) =>
    editProbeOptions(container, 'startupProbe', text),
  ),
  editContainer('securityContext', editSecurityContext),
  edit('nodeSelector', ({spec: {template}}, texts) => editNodeSelector(template.spec, texts)),
  edit('tolerations', ({spec: {template}}, texts) => addTolerations(template.spec, texts)),
  edit('nodeAffinity', ({spec: {template}}, texts) => addNodeAffinity(template.spec, texts)),
]

const STEPS: readonly Step[] = [
  ...EDITS,
  nameRevision,
  stampRevision,
  lockImage,
  (service, edits) => annotateTemplate(service, scaleAnnotations(edits)),
  edit('concurrencyLimit', ({spec: {template}}, limit) => {
    if (limit < 0) throw invalid(`invalid concurrency-limit ${limit} (must not be less than 0)`)
    template.spec.containerConcurrency = limit
  }),
  edit('clusterLocal', editVisibility),
  (service, edits) => {
    const {labels, serviceLabels, revisionLabels} = edits
    if (labels ?? serviceLabels ?? revisionLabels) editLabels(service, edits)
  },
  (service, edits) => {
    const {annotations, serviceAnnotations, revisionAnnotations} = edits
    if (annotations ?? serviceAnnotations ?? revisionAnnotations) editAnnotations(service, edits)
  },
  edit('timeoutSeconds', ({spec: {template}}, seconds) => {
    template.spec.timeoutSeconds = seconds
  }),
  edit('responseStartTimeoutSeconds', ({spec: {template}}, seconds) => {
    template.spec.responseStartTimeoutSeconds = checkTime(seconds, 'timeout-response-start')
  }),
  edit('idleTimeoutSeconds', ({spec: {template}}, seconds) => {
    template.spec.idleTimeoutSeconds = checkTime(seconds, 'timeout-idle')
  }),
  edit('rolloutDuration', ({metadata}, text) => {
    const [key] = ROLLOUT_DURATION_ANNOTATION
    const duration = checkSeconds(text, 'rollout-duration') ?? ''
    metadata.annotations = {...metadata.annotations, [key]: duration}
  }),
  edit('profile', editProfile),
]

function checkTime(seconds: number, flag: string): number {
  if (seconds >= 0) return seconds
  throw invalid(`invalid --${flag} ${seconds} (must not be less than 0)`)
}

function firstContainer({spec: {template}}: Service): Container {
  const [first] = template.spec.containers
  if (first !== undefined) return first
  const container: Container = {}
  template.spec.containers = [container]
  return container
}

// A lone container is the Service's own, so that all given ones are added to it.
function putContainers({spec: {template}}: Service, given: readonly Container[]): void {
  const {containers} = template.spec
  if (containers.length <= 1) {
    template.spec.containers = [...containers, ...structuredClone(given)]
    return
  }
  template.spec.containers = replaceByName(containers, given)
}

function replaceByName(present: readonly Container[], given: readonly Container[]): Container[] {
  const byName = new Map(given.map((container) => [container.name, structuredClone(container)]))
  const replaced = present.map((container) => {
    const replacement = byName.get(container.name)
    byName.delete(container.name)
    return replacement ?? container
  })
  return [...replaced, ...byName.values()]
}

function isNew(edits: ServiceEdits, {newTemplate}: EditContext): boolean {
  return newTemplate === true || makesRevision(edits)
}

function nameRevision(service: Service, edits: ServiceEdits, context: EditContext): void {
  const {revisionName: pattern} = edits
  // What is applied has to stay the same when repeated: `applyService` names it.
  if (pattern === undefined || context.purpose === 'apply' || !isNew(edits, context)) return
  const {name, generation = 0} = service.metadata
  const made = makeRevisionName(pattern, {name, generation}, context.random)
  const {name: _, ...metadata} = service.spec.template.metadata ?? {}
  service.spec.template.metadata = {...metadata, ...(made !== '' && {name: made})}
}

function stampRevision(service: Service, edits: ServiceEdits, context: EditContext): void {
  if (context.purpose === 'apply' || !isNew(edits, context)) return
  annotateTemplate(service, {[UPDATE_TIMESTAMP_ANNOTATION]: formatTime(context.nowMs)})
}

/**
 * | lockToDigest | user image known | new image, not apply | effect                            |
 * |--------------|------------------|----------------------|-----------------------------------|
 * | no           | –                | –                    | forget the user image             |
 * | not given    | no               | –                    | none: made without a lock         |
 * | otherwise    | –                | yes                  | remember the image                |
 * | otherwise    | –                | no                   | remember the image, pin to digest |
 *
 * Nothing happens to the image when no revision is made.
 */
function lockImage(service: Service, edits: ServiceEdits, context: EditContext): void {
  const {template} = service.spec
  const known = template.metadata?.annotations?.[USER_IMAGE_ANNOTATION] !== undefined
  if (edits.lockToDigest === false) {
    forgetUserImage(template)
    return
  }
  if ((!known && edits.lockToDigest === undefined) || !isNew(edits, context)) return
  rememberUserImage(template)
  if (edits.image !== undefined && context.purpose !== 'apply') return
  if (context.baseRevision !== undefined) pinToDigest(template, context.baseRevision)
}

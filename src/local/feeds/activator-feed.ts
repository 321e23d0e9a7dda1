import {ENDPOINTS, type Endpoints} from '../../api/core/v1.ts'
import {keyOf} from '../../api/meta/object.ts'
import {
  CONFIGURATION_LABEL,
  SERVICE_LABEL,
  REVISION_LABEL,
} from '../../api/serving/metadata-keys.ts'
import {REVISIONS, type Revision} from '../../api/serving/v1.ts'
import type {InformerFactory} from '../../controller/informer.ts'
import type {Activator, ActivatorRevision} from '../../knative/activator/activator.ts'
import type {Backend} from '../../knative/activator/revision-backends.ts'
import {SERVICE_TYPE_LABEL} from '../../knative/controller/serverless-service/resources.ts'

const DEFAULT_TIMEOUT_SECONDS = 300

/**
 * Tells the activator about revisions and, from the endpoints of their private Services, pods.
 * Call the result to end that.
 */
export function feedActivator(informers: InformerFactory, activator: Activator): () => void {
  const endpoints = informers.of(ENDPOINTS)
  endpoints.addIndex('private-of-revision', (object) => {
    const key = revisionOfPrivate(object)
    return key === undefined ? [] : [key]
  })
  const update = (key: string): void => {
    activator.setBackends(key, endpoints.byIndex('private-of-revision', key).flatMap(toBackends))
  }
  const endRevisions = informers.of(REVISIONS).addHandler({
    onSet(revision) {
      const key = keyOf(revision)
      activator.setRevision(key, toActivatorRevision(revision))
      update(key)
    },
    onDelete: (revision) => activator.removeRevision(keyOf(revision)),
  })
  const changed = (object: Endpoints): void => {
    const key = revisionOfPrivate(object)
    if (key !== undefined) update(key)
  }
  const endEndpoints = endpoints.addHandler({onSet: changed, onDelete: changed})
  return () => {
    endRevisions()
    endEndpoints()
  }
}

/** What the activator wants to know of a revision. */
export function toActivatorRevision({metadata, spec}: Revision): ActivatorRevision {
  return {
    service: metadata.labels?.[SERVICE_LABEL] ?? '',
    configuration: metadata.labels?.[CONFIGURATION_LABEL] ?? '',
    containerConcurrency: spec.containerConcurrency ?? 0,
    limits: {
      totalMs: (spec.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
      responseStartMs: (spec.responseStartTimeoutSeconds ?? 0) * 1000,
      idleMs: (spec.idleTimeoutSeconds ?? 0) * 1000,
    },
    probeNotReady: !spec.containers.some((container) => container.readinessProbe?.exec),
  }
}

/** The pods behind a private Service that may get requests, ready ones and those still starting. */
export function toBackends({subsets = []}: Endpoints): Backend[] {
  return subsets.flatMap(({addresses = [], notReadyAddresses = [], ports = []}) => {
    const port = ports.find(({name}) => name === 'http' || name === 'http2')?.port
    if (port === undefined) return []
    return [
      ...addresses.map(({ip}) => ({ip, port, ready: true})),
      ...notReadyAddresses.map(({ip}) => ({ip, port, ready: false})),
    ]
  })
}

function revisionOfPrivate({metadata: {namespace, labels}}: Endpoints): string | undefined {
  const revision = labels?.[REVISION_LABEL]
  if (revision === undefined || labels?.[SERVICE_TYPE_LABEL] !== 'Private') return undefined
  return `${namespace}/${revision}`
}

/** A Service that does not exist yet: from nothing, or from a document. */
import {type Service, SERVICES} from '../../api/serving/v1.ts'
import {apiVersionOf} from '../../api/meta/resource-type.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {isJsonObject} from '../../util/json.ts'
import {USER_IMAGE_ANNOTATION} from '../names.ts'

/** The bare Service that edits are applied to; it remembers its image for later updates. */
export function newService(key: {namespace: string; name: string}): Service {
  return {
    apiVersion: apiVersionOf(SERVICES),
    kind: SERVICES.kind,
    metadata: {name: key.name, namespace: key.namespace},
    spec: {
      template: {
        metadata: {annotations: {[USER_IMAGE_ANNOTATION]: ''}},
        spec: {containers: [{}]},
      },
    },
  }
}

/**
 * A document as a Service of `namespace`, named `name` if it has no name of its own.
 *
 * What it does not say of its version and kind is taken for granted, as in kn. Throws `KN_USAGE` when it
 * is no Service, or the two names differ.
 */
export function serviceFromDocument(
  document: unknown,
  key: {namespace: string; name: string | undefined},
): Service {
  const given = checkKind(document)
  const name = chooseName(key.name, given.metadata?.name)
  const {template} = given.spec ?? {}
  const containers: unknown = template?.spec?.containers ?? []
  if (!Array.isArray(containers) || !containers.every(isJsonObject)) {
    throw new KntoolError(
      'KN_USAGE',
      'spec.template.spec.containers of the document is not a list of containers.',
    )
  }
  return {
    ...(structuredClone(given) as Service),
    metadata: {...given.metadata, name, namespace: key.namespace},
    spec: {
      ...given.spec,
      template: {...template, spec: {...template?.spec, containers: structuredClone(containers)}},
    },
  }
}

function checkKind(document: unknown): Partial<Service> {
  if (!isJsonObject(document))
    throw noService(typeof document === 'string' ? document : JSON.stringify(document))
  const own = {apiVersion: apiVersionOf(SERVICES), kind: SERVICES.kind}
  const {apiVersion, kind} = {...own, ...(document as Partial<Service>)}
  if (apiVersion !== own.apiVersion || kind !== own.kind) throw noService(`${apiVersion} ${kind}`)
  return {...(document as Partial<Service>), ...own}
}

function noService(found: string): KntoolError {
  const shown = found.length > 60 ? `${found.slice(0, 60)}…` : found
  return new KntoolError(
    'KN_USAGE',
    `Invalid --filename: the document is not a Service of serving.knative.dev/v1 but "${shown}".`,
  )
}

function chooseName(given: string | undefined, inDocument: string | undefined): string {
  const name = given ?? inDocument
  if (name === undefined || name === '') {
    throw new KntoolError('KN_USAGE', 'no service name provided in command parameter or file')
  }
  if (inDocument !== undefined && inDocument !== name) {
    throw new KntoolError(
      'KN_USAGE',
      `provided service name '${name}' doesn't match name from file '${inDocument}'`,
    )
  }
  return name
}

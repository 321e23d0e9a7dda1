import {badRequest} from '../errors.ts'
import {numberAt, objectAt, stringAt, stringsAt, type JsonObject} from '../json-value.ts'
import {readDocument} from '../read-body.ts'
import type {RequestContext} from '../request-context.ts'
import {invalid, invalidValue, notSupported, type FieldError} from '../validation/field-error.ts'

/** How something is deleted. */
export interface DeleteOptions {
  readonly dryRun: boolean
  readonly gracePeriodSeconds: number | undefined
  readonly propagation: 'Background' | 'Foreground' | 'Orphan' | undefined
  readonly preconditions: {readonly uid?: string; readonly resourceVersion?: string}
}

const PROPAGATIONS = ['Foreground', 'Background', 'Orphan'] as const

/** Reads the options of a delete from its body, or from the query when there is no body. */
export function readDeleteOptions(context: RequestContext): DeleteOptions {
  const options = isEmpty(context) ? fromQuery(context) : fromBody(context)
  const errors: FieldError[] = []
  const [dryRun] = stringsAt(options, 'dryRun')
  if (dryRun !== undefined && dryRun !== 'All') {
    errors.push(notSupported('dryRun', stringsAt(options, 'dryRun'), ['All']))
  }
  const policy = stringAt(options, 'propagationPolicy')
  const orphan = options['orphanDependents']
  if (policy !== '' && orphan !== undefined) {
    errors.push(
      invalidValue(
        'propagationPolicy',
        policy,
        'orphanDependents and deletionPropagation cannot be both set',
      ),
    )
  }
  const propagation = PROPAGATIONS.find((known) => known === policy)
  if (policy !== '' && propagation === undefined) {
    errors.push(notSupported('propagationPolicy', policy, [...PROPAGATIONS, 'nil']))
  }
  if (errors.length > 0) {
    throw invalid({group: 'meta.k8s.io', kind: 'DeleteOptions', name: ''}, errors)
  }
  const preconditions = objectAt(options, 'preconditions')
  const uid = stringAt(preconditions, 'uid')
  const resourceVersion = stringAt(preconditions, 'resourceVersion')
  return {
    dryRun: dryRun !== undefined,
    gracePeriodSeconds: numberAt(options, 'gracePeriodSeconds'),
    propagation:
      propagation ?? (orphan === true ? 'Orphan' : orphan === false ? 'Background' : undefined),
    preconditions: {
      ...(uid !== '' && {uid}),
      ...(resourceVersion !== '' && {resourceVersion}),
    },
  }
}

function isEmpty({body}: RequestContext): boolean {
  if (body.kind === 'bytes') return body.bytes.length === 0
  return body.kind === 'none' || body.value === undefined || body.value === null
}

function fromBody(context: RequestContext): JsonObject {
  const {value} = readDocument(context.body, 'DeleteOptions')
  const kind = stringAt(value, 'kind')
  if (kind !== '' && kind !== 'DeleteOptions') {
    throw badRequest(`decoded object cannot be converted to DeleteOptions`)
  }
  // Some clients put dryRun into the query of a request with a body.
  const dryRun = context.query.get('dryRun')
  return dryRun === undefined ? value : {...value, dryRun: [dryRun]}
}

function readSeconds(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}

function fromQuery({query}: RequestContext): JsonObject {
  const grace = query.get('gracePeriodSeconds')
  const orphan = query.get('orphanDependents')
  return {
    ...(query.has('dryRun') && {dryRun: [query.get('dryRun')]}),
    ...(grace !== undefined && {gracePeriodSeconds: readSeconds(grace)}),
    ...(orphan !== undefined && {orphanDependents: orphan === 'true'}),
    ...(query.has('propagationPolicy') && {propagationPolicy: query.get('propagationPolicy')}),
  }
}

import {type Revision, type Service, SERVICES, type TrafficTarget} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import type {Clock} from '../../util/clock.ts'
import {retryOnConflict} from '../retry-on-conflict.ts'
import {listRevisions} from '../revision/list-revisions.ts'
import {finish, type ServiceOutcome, type ServiceWriteOptions} from '../service/service-outcome.ts'
import {resolveReference} from './references.ts'

/** The traffic of a Service: each reference with its percent, together 100. */
export interface SplitRequest {
  readonly namespace: string
  readonly name: string
  readonly shares: readonly TrafficShare[]
}

/** A reference (see `resolveReference`) and what it gets. */
export interface TrafficShare {
  readonly reference: string
  readonly percent: number
}

/** Splits the traffic of a Service. Tags stay where they are. */
export async function splitTraffic(
  connection: {client: Client; clock: Clock},
  {namespace, name, shares}: SplitRequest,
  options: ServiceWriteOptions = {},
): Promise<ServiceOutcome> {
  checkSum(shares)
  const {client, clock} = connection
  const written = await retryOnConflict(clock, async () => {
    const service = await client.get(SERVICES, {namespace, name})
    const revisions = await listRevisions(client, {namespace, service: name})
    const traffic = makeSplit(service, revisions, shares)
    const updated = await client.update(SERVICES, {
      ...service,
      spec: {...service.spec, traffic},
    })
    return {
      verb: 'updated' as const,
      service: updated,
      changed: updated.metadata.generation !== service.metadata.generation,
      previousRevision: service.status?.latestReadyRevisionName,
    }
  })
  return finish(connection, written, options)
}

/** The `spec.traffic` of a split: targets with a tag stay, even without a share. Pure. */
export function makeSplit(
  service: Service,
  revisions: readonly Revision[],
  shares: readonly TrafficShare[],
): TrafficTarget[] {
  const targets = (service.spec.traffic ?? [])
    .filter(({tag}) => tag !== undefined && tag !== '')
    .map((target) => ({...target, percent: 0}))
  const seen = new Map<string, string>()
  for (const {reference, percent} of shares) {
    const target = resolveReference(reference, service, revisions)
    const id = target.kind === 'latest' ? '@latest' : target.name
    const earlier = seen.get(id)
    if (earlier !== undefined) {
      throw new KntoolError('KN_USAGE', `"${earlier}" and "${reference}" are both ${id}.`)
    }
    seen.set(id, reference)
    const tagged = targets.find(({tag, latestRevision, revisionName}) =>
      target.kind === 'latest'
        ? latestRevision === true
        : tag === reference || (revisionName === target.name && latestRevision !== true),
    )
    if (tagged !== undefined) tagged.percent = percent
    else if (percent > 0) targets.push(newTarget(target, percent))
  }
  return targets
}

function newTarget(
  target: ReturnType<typeof resolveReference>,
  percent: number,
): TrafficTarget & {percent: number} {
  return target.kind === 'latest'
    ? {latestRevision: true, percent}
    : {revisionName: target.name, latestRevision: false, percent}
}

/** Reads shares that add up to 100. Throws `KN_USAGE`, with the arithmetic if they do not. */
export function parseShares(texts: readonly string[]): TrafficShare[] {
  const shares = texts.map(parseShare)
  checkSum(shares)
  return shares
}

/** Reads `REFERENCE=PERCENT`; a `%` at the end may stand. Throws `KN_USAGE`. */
export function parseShare(text: string): TrafficShare {
  const equals = text.lastIndexOf('=')
  const reference = text.slice(0, Math.max(0, equals))
  const number = text.slice(equals + 1).replace(/%$/, '')
  if (reference === '' || !/^\d{1,3}$/.test(number) || Number(number) > 100) {
    throw new KntoolError(
      'KN_USAGE',
      `"${text}" is not a share of traffic: it must be REVISION=PERCENT with a whole percent from 0 to 100.`,
      {hint: 'kntool traffic split hello @prev=90 @latest=10'},
    )
  }
  return {reference, percent: Number(number)}
}

function checkSum(shares: readonly TrafficShare[]): void {
  const sum = shares.reduce((total, {percent}) => total + percent, 0)
  if (sum === 100) return
  const arithmetic = shares.map(({reference, percent}) => `${reference} ${percent}`).join(' + ')
  const difference = sum < 100 ? `${100 - sum} too few` : `${sum - 100} too many`
  throw new KntoolError(
    'KN_USAGE',
    `The shares must add up to 100: ${arithmetic || 'nothing'} = ${sum}, which is ${difference}.`,
    {details: {sum, shares}},
  )
}

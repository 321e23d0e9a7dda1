/** Keeps traffic away from revisions that cannot take it. */
import {getCondition} from '../../api/condition-set.ts'
import type {Revision, Service} from '../../api/serving/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {isReady} from '../revision/is-ready.ts'
import type {ReferencedTarget} from './references.ts'

/**
 * Refuses to send traffic to a revision that is not Ready.
 *
 * `@latest` is the latest ready revision by itself, so that it is refused only where there is none;
 * with `newest` it is refused also while a newer revision is not Ready (yet).
 *
 * Throws `KN_NOT_READY` with the revision's own reason.
 */
export function checkReady(
  target: ReferencedTarget,
  service: Service,
  revisions: readonly Revision[],
  {newest = false}: {newest?: boolean} = {},
): void {
  const name = target.kind === 'revision' ? target.name : latestName(service, newest)
  const revision = revisions.find(({metadata}) => metadata.name === name)
  if (revision !== undefined && isReady(revision)) return
  const {status, reason, message} = getCondition(revision?.status, 'Ready') ?? {}
  const why = [reason, message].filter(Boolean).join(': ')
  throw new KntoolError(
    'KN_NOT_READY',
    name === undefined
      ? `Service '${service.metadata.name}' has no revision yet.`
      : `Revision '${name}' is not ready${why === '' ? '' : ` (${why})`} and should get no traffic.`,
    {
      hint: [
        ...(name === undefined ? [] : [`kntool revision describe ${name}`]),
        'Send it traffic all the same: add --force',
      ],
      details: {
        service: service.metadata.name,
        ...(name !== undefined && {revision: name}),
        ...(status !== undefined && {ready: status, reason, message}),
      },
    },
  )
}

function latestName({status}: Service, newest: boolean): string | undefined {
  const {latestCreatedRevisionName, latestReadyRevisionName} = status ?? {}
  return newest ? latestCreatedRevisionName : (latestReadyRevisionName ?? latestCreatedRevisionName)
}

/** Which revision of a Configuration is the newest, and which the newest that is ready. */
import type {ObjectKey} from '../../api/meta/object.ts'
import {isControlledBy} from '../../api/meta/owner.ts'
import {alreadyExists} from '../../api/meta/status-error.ts'
import {isReady} from '../../api/reconcile-status.ts'
import {type Configuration, type Revision, REVISIONS} from '../../api/serving/v1.ts'
import type {Lister} from '../../controller/informer.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'
import {configurationGeneration, REVISIONS_BY_CONFIGURATION} from './revision-index.ts'

/** The name that the author chose for the revision, if he chose one. */
export function givenName({spec}: Configuration): string | undefined {
  const {name = ''} = spec.template.metadata ?? {}
  return name === '' ? undefined : name
}

/**
 * Whether the revision that the template names is the Configuration's.
 *
 * | revision of that name                                   | result    |
 * | ------------------------------------------------------- | --------- |
 * | none, or the template names none                        | free      |
 * | somebody else's                                         | taken     |
 * | ours, made from this generation                         | ours      |
 * | ours, made from another generation, with the same spec  | ours      |
 * | ours, made from another generation, with another spec   | taken     |
 */
export function checkNameAvailability(
  configuration: Configuration,
  revisions: Lister<Revision>,
): 'free' | 'ours' | 'taken' {
  const name = givenName(configuration)
  const revision = name === undefined ? undefined : revisions.get(namespaceOf(configuration), name)
  if (revision === undefined) return 'free'
  if (!isControlledBy(revision, configuration)) return 'taken'
  if (configurationGeneration(revision) === configuration.metadata.generation) return 'ours'
  // Only the spec counts: people may label and annotate a revision later.
  return semanticEqual(configuration.spec.template.spec, revision.spec) ? 'ours' : 'taken'
}

/**
 * The revision of the Configuration's present generation, if there is one.
 *
 * @throws StatusError AlreadyExists when the name the template gives it is taken.
 */
export function findLatestCreated(
  configuration: Configuration,
  revisions: Lister<Revision>,
): Revision | undefined {
  const name = givenName(configuration)
  if (name !== undefined) {
    if (checkNameAvailability(configuration, revisions) === 'taken') {
      throw alreadyExists(REVISIONS, name)
    }
    return revisions.get(namespaceOf(configuration), name)
  }
  const {generation} = configuration.metadata
  return revisionsOf(configuration, revisions).find(
    (revision) => configurationGeneration(revision) === generation,
  )
}

/**
 * The newest revision that is ready, if there is one newer than, or equal to, the one that is known.
 *
 * Only revisions from the generation of the known one on count, so that an older one never comes
 * back; a revision of the author's own name counts first, whatever its generation.
 */
export function findLatestReady(
  configuration: Configuration,
  latestCreated: Revision,
  revisions: Lister<Revision>,
): Revision | undefined {
  const given = givenName(configuration)
  const inRange = generationRange(configuration, latestCreated, revisions)
  return revisionsOf(configuration, revisions)
    .filter((revision) => inRange(configurationGeneration(revision)))
    .toSorted((left, right) => rank(right, given) - rank(left, given))
    .find(isReady)
}

function generationRange(
  configuration: Configuration,
  latestCreated: Revision,
  revisions: Lister<Revision>,
): (generation: number | undefined) => boolean {
  const name = configuration.status?.latestReadyRevisionName ?? ''
  const known = name === '' ? undefined : revisions.get(namespaceOf(configuration), name)
  // The revision known to be ready may have been deleted: then any other will do.
  if (known === undefined) return () => true
  const newest = configuration.metadata.generation ?? 0
  const oldest = configurationGeneration(known) ?? newest
  const isNamed = givenName(configuration) !== undefined
  const extra = isNamed ? configurationGeneration(latestCreated) : undefined
  return (generation) =>
    generation !== undefined &&
    ((generation >= oldest && generation <= newest) || generation === extra)
}

function rank(revision: Revision, given: string | undefined): number {
  if (revision.metadata.name === given) return Number.MAX_SAFE_INTEGER
  return configurationGeneration(revision) ?? 0
}

function revisionsOf(configuration: Configuration, revisions: Lister<Revision>): Revision[] {
  const {namespace = '', name} = configuration.metadata
  return revisions.byIndex(REVISIONS_BY_CONFIGURATION, `${namespace}/${name}`)
}

function namespaceOf({metadata}: Configuration): ObjectKey['namespace'] {
  return metadata.namespace
}

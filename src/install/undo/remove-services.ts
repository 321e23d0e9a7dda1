/** The Services of people: what has to go while the controllers that hold their finalizers live. */
import type {KubeObject} from '../../api/meta/object.ts'
import type {ResourceType} from '../../api/meta/resource-type.ts'
import {StatusError} from '../../api/meta/status-error.ts'
import {KINGRESSES} from '../../api/networking/v1alpha1.ts'
import {CONFIGURATIONS, DOMAIN_MAPPINGS, REVISIONS, ROUTES, SERVICES} from '../../api/serving/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {forEachLimited} from '../../util/for-each-limited.ts'
import type {InstallContext, Step} from '../step.ts'
import {SMOKE_TEST} from '../steps/smoke-test-step.ts'
import {judgeGone, plannedDeletion, type PresentObject} from './remove-objects.ts'

const CONCURRENCY = 16
const SHOWN = 5

/** What people make; everything else is made for these, and goes with them. */
const MADE_BY_PEOPLE: readonly ResourceType[] = [SERVICES, DOMAIN_MAPPINGS, ROUTES, CONFIGURATIONS]
const ALL = [...MADE_BY_PEOPLE, REVISIONS, KINGRESSES]

/** Deletes every Service, Route, Configuration and DomainMapping, and waits until all is gone. */
export const removeServicesStep: Step = {
  id: 'services',
  title: 'Services of Knative',
  hint: ['kntool service list -A', 'kubectl logs deployment/controller -n knative-serving'],
  check: async () => ({state: 'needed'}),
  async plan(context) {
    return {changes: (await ofPeople(context)).map(plannedDeletion)}
  },
  async apply(context) {
    const objects = await ofPeople(context)
    if (objects.length > 0) context.progress(`deleting ${objects.length} objects`)
    await forEachLimited(objects, CONCURRENCY, async ({type, live}) => {
      await context.client
        .delete(type, live.metadata, {propagationPolicy: 'Background'})
        .catch((error: unknown) => {
          if (!(error instanceof StatusError) || error.code !== 404) throw error
        })
    })
  },
  async observe(context) {
    return judgeGone(await listAll(ALL, context))
  },
}

/**
 * Throws `KN_CONFLICT` when Services of people would be deleted with the kinds of Knative. The one
 * that proves an installation is nobody's.
 */
export async function requireNoServices(
  context: Pick<InstallContext, 'client'>,
  cluster: string,
): Promise<void> {
  const names = (await ofPeople(context))
    .filter(({live}) => live.metadata.name !== SMOKE_TEST.name)
    .map(({type, live}) => `${type.kind} ${live.metadata.namespace}/${live.metadata.name}`)
  if (names.length === 0) return
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  throw new KntoolError(
    'KN_CONFLICT',
    `Nothing was changed: with Knative, ${names.length} of its objects on ${cluster} would be deleted: ` +
      `${names.slice(0, SHOWN).join(', ')}${more}.`,
    {
      hint: [
        'Keep them elsewhere first: kntool service list -A -o yaml',
        'Agree: --delete-services',
      ],
      details: {objects: names},
    },
  )
}

/** What people made, without what was made for it. */
async function ofPeople(context: Pick<InstallContext, 'client'>): Promise<PresentObject[]> {
  const all = await listAll(MADE_BY_PEOPLE, context)
  return all.filter(({live}) => (live.metadata.ownerReferences ?? []).length === 0)
}

async function listAll(
  types: readonly ResourceType[],
  {client}: Pick<InstallContext, 'client'>,
): Promise<PresentObject[]> {
  const lists = await Promise.all(
    types.map(async (type) => {
      try {
        const {items} = await client.list<KubeObject>(type)
        return items.map((live): PresentObject => ({type, live}))
      } catch (error) {
        // The kind is not served (any more).
        if (error instanceof StatusError && error.code === 404) return []
        throw error
      }
    }),
  )
  return lists.flat()
}

/** What is stored in old versions of a kind, rewritten in the newest by a job of the release. */
import type {KubeObject} from '../../api/meta/object.ts'
import {resourceType} from '../../api/meta/resource-type.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {applyRelease} from '../apply/apply-release.ts'
import {planObjects} from '../plan/plan-objects.ts'
import type {InstallContext, Poll, Step} from '../step.ts'
import {VERSION_LABEL} from '../../api/meta/well-known.ts'

const FILE = 'serving-post-install-jobs'

interface Job extends KubeObject {
  status?: {
    succeeded?: number
    conditions?: {type: string; status: string; reason?: string; message?: string}[]
  }
}

const JOBS = resourceType<Job>('batch/v1', 'Job', 'jobs')

/**
 * Runs the jobs of a release that migrate what is stored. Without them, a later release that has
 * dropped an old version of a kind is refused: "must appear in spec.versions".
 */
export const migrateStorageStep: Step = {
  id: 'migrate-storage',
  title: 'Migration of what is stored',
  hint: ['kubectl get jobs -n knative-serving', 'kubectl get pods -n knative-serving'],
  async check({manifests, note}) {
    if (await manifests.has(FILE)) return {state: 'needed'}
    const missing = `${manifests.description} has no ${FILE}.yaml`
    note({
      warnings: [
        `What is stored was not migrated: ${missing}. Create its jobs before the next minor version: ` +
          `kubectl create -f ${FILE}.yaml`,
      ],
    })
    return {state: 'skipped', reason: missing}
  },
  async plan(context) {
    return {changes: await planObjects(await context.manifests.load(FILE), context)}
  },
  async apply(context) {
    const objects = await context.manifests.load(FILE)
    const there = await Promise.all(objects.map((object) => findRun(object, context)))
    await applyRelease(
      objects.filter((_, index) => there[index] === undefined),
      context,
    )
  },
  async observe(context) {
    for (const object of await context.manifests.load(FILE)) {
      if (object.kind !== JOBS.kind) continue
      const poll = judgeJob(await findRun(object, context), object)
      if (!poll.done) return poll
    }
    return {done: true}
  },
}

/** The newest job made from `object` that did not fail: its name is the server's. */
async function findRun(object: KubeObject, {client}: InstallContext): Promise<Job | undefined> {
  if (object.kind !== JOBS.kind) return undefined
  const {generateName, name, namespace, labels} = object.metadata
  const {items} = await client.list(JOBS, {namespace})
  return items
    .filter(
      ({metadata}) =>
        (generateName === undefined
          ? metadata.name === name
          : metadata.name.startsWith(generateName)) &&
        metadata.labels?.[VERSION_LABEL] === labels?.[VERSION_LABEL],
    )
    .toSorted((left, right) => createdMs(right) - createdMs(left))[0]
}

/** Whether a job has ended well. Throws once it has failed. */
function judgeJob(job: Job | undefined, {metadata}: KubeObject): Poll {
  const title = metadata.name ?? metadata.generateName
  if (job === undefined) return {done: false, waitingFor: `the Job ${title} to be there`}
  const {name, namespace} = job.metadata
  const failed = job.status?.conditions?.find(
    ({type, status}) => type === 'Failed' && status === 'True',
  )
  if (failed !== undefined) {
    throw new KntoolError(
      'KN_NOT_READY',
      `The Job ${namespace}/${name} failed: ${failed.message ?? failed.reason}.`,
      {
        hint: [
          `kubectl logs job/${name} -n ${namespace}`,
          `Run it again: kubectl delete job ${name} -n ${namespace}, then the same command.`,
        ],
      },
    )
  }
  return (job.status?.succeeded ?? 0) > 0
    ? {done: true}
    : {done: false, waitingFor: `the Job ${name} to end`}
}

function createdMs({metadata}: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0
}

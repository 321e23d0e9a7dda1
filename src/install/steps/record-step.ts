import {DEPLOYMENTS} from '../../api/apps/v1.ts'
import {ISTIO_NAMESPACE} from '../../api/config/system-namespace.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {releaseVersions} from '../release/verify-release.ts'
import {type InstallState, readState, writeState} from '../state.ts'
import type {InstallContext, Step} from '../step.ts'

/** Writes down in the cluster that an installation has begun, with what it needs to go on. */
export const beginStep: Step = {
  ...recordStep('begin', 'Note in the cluster that it began'),
  async apply(context) {
    const before = await readState(context.client)
    const versions = await loadedVersions(context)
    await writeState(context.client, {
      phase: 'installing',
      ...versions,
      istio: before?.istio ?? ((await hasIstio(context)) ? 'found' : 'kntool'),
      startedAt: now(context),
      settings: context.settings,
    })
  },
}

/** Writes down that the installation is complete. */
export const endStep: Step = {
  ...recordStep('end', 'Note in the cluster that it is done'),
  async apply(context) {
    const before = await readState(context.client)
    const versions = await loadedVersions(context)
    context.note(versions)
    await writeState(context.client, {
      istio: 'kntool',
      startedAt: now(context),
      ...before,
      phase: 'installed',
      ...versions,
      finishedAt: now(context),
      settings: context.settings,
    })
  },
}

function recordStep(id: string, title: string): Omit<Step, 'apply'> {
  return {
    id,
    title,
    check: async () => ({state: 'needed'}),
    plan: async () => ({changes: []}),
    observe: async () => ({done: true}),
  }
}

/** The versions of the release files. */
export async function loadedVersions({
  manifests,
}: InstallContext): Promise<Pick<InstallState, 'knativeVersion' | 'istioVersion'>> {
  const [core, istio]: KubeObject[][] = await Promise.all([
    manifests.load('serving-core'),
    manifests.load('istio'),
  ])
  const versions = releaseVersions({'serving-core': core ?? [], istio: istio ?? []})
  return {
    knativeVersion: versions.knative ?? manifests.version ?? 'unknown',
    istioVersion: versions.istio ?? 'unknown',
  }
}

async function hasIstio({client}: InstallContext): Promise<boolean> {
  return (
    (await client.find(DEPLOYMENTS, {namespace: ISTIO_NAMESPACE, name: 'istiod'})) !== undefined
  )
}

function now({clock}: InstallContext): string {
  return new Date(clock.now()).toISOString()
}

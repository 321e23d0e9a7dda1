import {SYSTEM_NAMESPACE} from '../../api/config/system-namespace.ts'
import {CONFIG_MAPS, type ConfigMap} from '../../api/core/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {
  CONFIG_NETWORK,
  configPatch,
  configProblem,
  neededNetworkSettings,
  undocumentedKeys,
} from '../config/config-maps.ts'
import type {ConfigSetting} from '../settings.ts'
import type {InstallContext, Step} from '../step.ts'

/** What is to be set in one ConfigMap. */
interface Edit {
  readonly name: string
  readonly live: ConfigMap | undefined
  readonly settings: readonly ConfigSetting[]
  readonly patch: Readonly<Record<string, string>>
}

/** Sets the keys of Knative's ConfigMaps that were asked for, and those net-istio needs. */
export const configStep: Step = {
  id: 'config',
  title: 'Settings',
  async check(context) {
    const edits = await readEdits(context)
    return {state: edits.every(({patch}) => isEmpty(patch)) ? 'done' : 'needed'}
  },
  async plan(context) {
    const edits = await readEdits(context)
    return {
      changes: edits.map(({name, patch}) => ({
        action: isEmpty(patch) ? 'none' : 'change',
        object: `configmap/${name}`,
        ...(!isEmpty(patch) && {
          detail: Object.entries(patch)
            .map(([key, value]) => `${key}=${value}`)
            .join(' '),
        }),
      })),
      warnings: edits.flatMap(warningsOf),
    }
  },
  async apply(context) {
    const edits = await readEdits(context)
    for (const {name, live, settings} of edits) {
      const problem = configProblem(name, live?.data ?? {}, settings)
      if (problem !== undefined) {
        throw new KntoolError('KN_USAGE', `${name} cannot be set: ${problem}`, {
          hint: `See its documentation: kubectl get configmap ${name} -n ${SYSTEM_NAMESPACE} -o yaml`,
        })
      }
    }
    for (const edit of edits) {
      for (const warning of warningsOf(edit)) context.progress(warning)
      if (isEmpty(edit.patch)) continue
      await context.client.patch(
        CONFIG_MAPS,
        {namespace: SYSTEM_NAMESPACE, name: edit.name},
        {type: 'merge', body: {data: edit.patch}},
      )
    }
  },
  async observe(context) {
    const [left] = (await readEdits(context)).filter(({patch}) => !isEmpty(patch))
    if (left === undefined) return {done: true}
    throw new KntoolError(
      'KN_CONFLICT',
      `Somebody else sets ${Object.keys(left.patch).join(', ')} of ${left.name}.`,
      {
        hint: `kubectl get configmap ${left.name} -n ${SYSTEM_NAMESPACE} -o yaml --show-managed-fields`,
      },
    )
  },
}

async function readEdits({client, settings}: InstallContext): Promise<Edit[]> {
  const names = new Set([CONFIG_NETWORK, ...settings.config.map(({configMap}) => configMap)])
  const edits = await Promise.all(
    [...names].map(async (name): Promise<Edit> => {
      const live = await client.find(CONFIG_MAPS, {namespace: SYSTEM_NAMESPACE, name})
      const asked = settings.config.filter(({configMap}) => configMap === name)
      const needed = name === CONFIG_NETWORK ? neededNetworkSettings(live?.data) : []
      const all = [...needed.filter(({key}) => !asked.some((one) => one.key === key)), ...asked]
      return {name, live, settings: all, patch: configPatch(live?.data, all)}
    }),
  )
  return edits.filter((edit) => edit.settings.length > 0)
}

function warningsOf({name, live, settings}: Edit): string[] {
  return undocumentedKeys(live?.data ?? {}, settings).map(
    (key) => `${name} does not document the key ${key}: if it is misspelt, nobody reads it`,
  )
}

function isEmpty(patch: Readonly<Record<string, string>>): boolean {
  return Object.keys(patch).length === 0
}

/** Profiles: annotations and labels known by one name, from kn's configuration file or built in. */
import {existsSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {KntoolError} from '../errors/kntool-error.ts'
import type {ProfileEdit} from '../operations/service/edit/service-edits.ts'
import {parseDocuments, readInput} from './input-files.ts'

type Profile = Pick<ProfileEdit, 'annotations' | 'labels'>

const BUILT_IN: Readonly<Record<string, Profile>> = {
  istio: {
    // As in kn 1.13. Later versions move the first to a label of the Service, where Istio never looks.
    annotations: {
      'sidecar.istio.io/inject': 'true',
      'sidecar.istio.io/rewriteAppHTTPProbers': 'true',
      'serving.knative.openshift.io/enablePassthrough': 'true',
    },
    labels: {},
  },
}

/** The profile a flag names; a dash at its end takes it away. Throws `KN_USAGE` for unknown ones. */
export async function resolveProfile(text: string, file: string | undefined): Promise<ProfileEdit> {
  const remove = text.endsWith('-')
  const name = remove ? text.slice(0, -1) : text
  const profiles = {...BUILT_IN, ...(await readProfiles(file ?? defaultConfigFile()))}
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile === undefined) {
    throw new KntoolError('KN_USAGE', `profile ${name} doesn't exist`, {
      hint: `There are: ${Object.keys(profiles).join(', ')}`,
    })
  }
  return {remove, ...profile}
}

/** kntool's own file, else kn's. */
function defaultConfigFile(): string | undefined {
  const folder = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
  const candidates = ['kntool', 'kn'].map((name) => join(folder, name, 'config.yaml'))
  return candidates.find((path) => existsSync(path))
}

interface ConfigFile {
  profiles?: Record<string, {annotations?: NamedValue[]; labels?: NamedValue[]} | null>
}

interface NamedValue {
  name: string
  value: string
}

async function readProfiles(path: string | undefined): Promise<Record<string, Profile>> {
  if (path === undefined) return {}
  const [document] = await parseDocuments(await readInput(path, '--config'), path)
  const {profiles = {}} = (document ?? {}) as ConfigFile
  return Object.fromEntries(
    Object.entries(profiles).map(([name, profile]) => [
      name,
      {annotations: toMap(profile?.annotations), labels: toMap(profile?.labels)},
    ]),
  )
}

function toMap(pairs: NamedValue[] | undefined): Record<string, string> {
  return Object.fromEntries((pairs ?? []).map(({name, value}) => [name, String(value)]))
}

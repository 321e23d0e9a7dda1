import type {ConfigView} from '../../ui/config-text.ts'
import {configFilePath, findConfigFile, readConfigFile} from './config-file.ts'

/** What `kntool config` shows: the file, the chosen profile, and the variables of `env`. */
export async function configView(
  chosen: {readonly file?: string | undefined; readonly profile?: string | undefined},
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConfigView> {
  const path = chosen.file ?? findConfigFile(env)
  const file = path === undefined ? undefined : await readConfigFile(path)
  const profile = chosen.profile ?? file?.currentProfile
  return {
    file: path ?? configFilePath(env),
    exists: file !== undefined,
    profile: profile ?? null,
    profiles: [...(file?.profiles.keys() ?? [])],
    profileDefaults:
      (profile === undefined ? undefined : file?.profiles.get(profile))?.defaults ?? {},
    defaults: file?.defaults ?? {},
    variables: Object.keys(env)
      .filter((name) => name.startsWith('KNTOOL_') && env[name])
      .toSorted(),
  }
}

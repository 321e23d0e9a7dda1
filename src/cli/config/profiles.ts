/** Profiles of Services: annotations and labels known by one name, from the configuration or built in. */
import {KntoolError} from '../../errors/kntool-error.ts'
import type {ProfileEdit} from '../../operations/service/edit/service-edits.ts'
import {type ConfigProfile, findConfigFile, readConfigFile} from './config-file.ts'

type Profile = Pick<ConfigProfile, 'annotations' | 'labels'>

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
  const path = file ?? findConfigFile(process.env)
  const config = path === undefined ? undefined : await readConfigFile(path)
  const profiles: Record<string, Profile> = {
    ...BUILT_IN,
    ...Object.fromEntries(config?.profiles ?? []),
  }
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile === undefined) {
    throw new KntoolError('KN_USAGE', `profile ${name} doesn't exist`, {
      hint: `There are: ${Object.keys(profiles).join(', ')}`,
    })
  }
  return {remove, annotations: profile.annotations, labels: profile.labels}
}

/** YAML inside a ConfigMap's value. */
import {readYaml} from '../../util/yaml/read-yaml.ts'
import {YamlError} from '../../util/yaml/yaml-error.ts'

/**
 * Parses a YAML text; an empty one is undefined.
 *
 * @throws Error with the frame of sigs.k8s.io/yaml around it.
 */
export function parseYamlValue(text: string): unknown {
  try {
    return readYaml(text) ?? undefined
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new Error(`error converting YAML to JSON: ${error.message}`, {cause: error})
  }
}

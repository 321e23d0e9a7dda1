import type {JsonObject} from '../util/json.ts'
import {DescribeWriter} from './describe/describe-writer.ts'

/** The configuration that counts. */
export interface ConfigView {
  /** Where the file is, or would be. */
  readonly file: string
  readonly exists: boolean
  /** The chosen profile. */
  readonly profile: string | null
  readonly profiles: readonly string[]
  /** The presets of the chosen profile, which come first, and those of the file. */
  readonly profileDefaults: Readonly<JsonObject>
  readonly defaults: Readonly<JsonObject>
  /** The names of the variables that are set. Not their values, which may be secret. */
  readonly variables: readonly string[]
}

/**
 * The configuration as text.
 *
 * @example
 *   File:      /home/me/.config/kntool/config.yaml
 *   Profile:   prod (of prod, stage)
 *   Defaults:
 *     context:    prod
 *     namespace:  shop
 *   Variables:  KNTOOL_OUTPUT
 */
export function renderConfigView(view: ConfigView): string {
  const {file, exists, profile, profiles, profileDefaults, defaults, variables} = view
  const writer = new DescribeWriter()
  writer.attribute('File', exists ? file : `${file} (not there)`)
  const others = profiles.length > 0 ? ` (of ${profiles.join(', ')})` : ''
  writer.attribute('Profile', `${profile ?? 'none'}${others}`)
  const section = writer.attribute('Defaults', '')
  writePresets(section, {...defaults, ...profileDefaults})
  writer.attribute('Variables', variables.join(', ') || 'none')
  return writer.toString()
}

function writePresets(writer: DescribeWriter, presets: Readonly<JsonObject>): void {
  for (const [name, value] of Object.entries(presets)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      writePresets(writer.attribute(name, ''), value as JsonObject)
    } else {
      writer.attribute(name, [value].flat().map(String).join(', '))
    }
  }
}

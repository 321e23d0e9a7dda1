import type {FoundPlugins} from '../operations/plugin/find-plugins.ts'

/** Where plugins were looked for. */
export interface PluginPlaces {
  readonly folders: readonly string[]
  /** Those of the folders that do not exist. */
  readonly missing: ReadonlySet<string>
}

/**
 * Plugins as kn lists them; with `places`, also where they come from.
 *
 * @example
 *   - kn-admin : /usr/local/bin/kn-admin
 */
export function renderPlugins(found: FoundPlugins, places: PluginPlaces | undefined): string {
  const {plugins, errors, warnings} = found
  const header = places === undefined ? '' : renderPlaces(places)
  if (plugins.length === 0) {
    const where = places?.folders.map((folder) => `'${folder}'`).join(', ')
    return `${header}No plugins found${where === undefined ? '' : ` in path ${where}`}.\n`
  }
  const lines = plugins.map(
    ({name, path}) => `- ${name} : ${path}${places === undefined ? '' : `  (${path})`}\n`,
  )
  const problems = section('ERROR', errors) + section('WARNING', warnings)
  return `${header}${lines.join('')}${problems === '' ? '' : `\n${problems}`}`
}

function renderPlaces({folders, missing}: PluginPlaces): string {
  const shown = folders.map(
    (folder) => `  plugins dir: '${folder}'${missing.has(folder) ? ' (does not exist)' : ''}\n`,
  )
  return (
    'The following plugins are available, using options:\n' +
    `${shown.join('')}  lookup plugins in $PATH: true\n\n`
  )
}

function section(title: string, texts: readonly string[]): string {
  if (texts.length === 0) return ''
  const label = texts.length === 1 ? title : `${title}s`
  return `${label}:\n${texts.map((text) => `  - ${text}\n`).join('')}`
}

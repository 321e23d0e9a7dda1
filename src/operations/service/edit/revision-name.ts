import {invalid} from './notation.ts'

const CONSONANTS = 'bcdfghjklmnpqrstvwxyz'

/**
 * The name a template gives to the next revision of a Service, which always begins with the
 * Service's name: `{{.Service}}`, `{{.Generation}}` and `{{.Random 5}}` (consonants) are replaced.
 *
 * Empty for an empty template: the server then makes a name. Throws `KN_USAGE` for anything else in
 * braces. `random` gives numbers from 0 to below 1.
 */
export function makeRevisionName(
  template: string,
  service: {name: string; generation: number},
  random: () => number = Math.random,
): string {
  const name = template.replaceAll(/\{\{\s*(.*?)\s*\}\}/g, (_, action: string) => {
    if (action === '.Service') return service.name
    if (action === '.Generation') return String(service.generation + 1)
    const count = /^\.Random\s+(\d+)$/.exec(action)?.[1]
    if (count === undefined) {
      throw invalid(
        `Invalid --revision-name: "{{${action}}}" is none of {{.Service}}, {{.Generation}}, {{.Random N}}`,
      )
    }
    return Array.from({length: Number(count)}, () =>
      CONSONANTS.charAt(Math.floor(random() * CONSONANTS.length)),
    ).join('')
  })
  const prefix = `${service.name}-`
  return name === '' || name.startsWith(prefix) ? name : prefix + name
}

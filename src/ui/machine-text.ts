/**
 * A result that is no Kubernetes object, for programs. `ndjson` is one line, which says that it is
 * the result, since events come before it.
 */
export async function machineText(
  value: object,
  format: 'json' | 'yaml' | 'ndjson',
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(value, undefined, 2)}\n`
    case 'ndjson':
      return `${JSON.stringify({type: 'result', ...value})}\n`
    case 'yaml': {
      const {printYaml} = await import('../util/yaml/print-yaml.ts')
      return printYaml(value, {keepOrder: true})
    }
  }
}

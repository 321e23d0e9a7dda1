/** A warning that ends in a list of fields: what it says, and the fields. */
const WITH_FIELDS = /^(.+): ((?:[\w-]+(?:\[\d+\])?\.)+[\w.[\]-]+(?:, [\w.[\]-]+)*)$/s

/**
 * Warnings of a server as text: each once, and those that differ only in the fields they are about
 * as one, with the fields by the object that has them. Empty without any.
 *
 * @example
 *   Warning: Kubernetes default value is insecure, Knative may default this to secure in a future release:
 *     spec.template.spec.containers[0].securityContext: capabilities, runAsNonRoot, seccompProfile
 *     To set them: --security-context strict
 */
export function renderWarnings(texts: readonly string[]): string {
  const groups = new Map<string, Map<string, Set<string>>>()
  for (const text of texts) {
    const [, said = text, fields] = WITH_FIELDS.exec(text) ?? []
    const group = groups.get(said) ?? new Map<string, Set<string>>()
    groups.set(said, group)
    for (const field of fields?.split(', ') ?? []) {
      const dot = field.lastIndexOf('.')
      const parent = field.slice(0, Math.max(dot, 0))
      group.set(parent, (group.get(parent) ?? new Set()).add(field.slice(dot + 1)))
    }
  }
  return [...groups].map(([said, group]) => renderGroup(said, group)).join('')
}

function renderGroup(said: string, group: ReadonlyMap<string, ReadonlySet<string>>): string {
  if (group.size === 0) return `Warning: ${said}\n`
  const lines = [...group].map(([parent, fields]) => `  ${parent}: ${[...fields].join(', ')}\n`)
  const remedy = said.startsWith('Kubernetes default value is insecure')
    ? '  To set them: --security-context strict\n'
    : ''
  return `Warning: ${said}:\n${lines.join('')}${remedy}`
}

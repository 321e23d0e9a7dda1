/**
 * Replaces `$(NAME)` by the variable's value. A name that is not known stays as it is written;
 * `$$(NAME)` is a literal `$(NAME)`.
 *
 * Counterpart of kubernetes `third_party/forked/golang/expansion`.
 */
export function expandVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^()]*)\)/g, (found: string, name: string | undefined) => {
    if (found === '$$') return '$'
    return name !== undefined && Object.hasOwn(variables, name) ? (variables[name] ?? '') : found
  })
}

/** Texts about the built-in types by short type name and field; the type's own is under `''`. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>

let loading: Promise<Descriptions> | undefined

/**
 * Loads what Kubernetes says about its built-in types: half a megabyte, which only OpenAPI
 * documents need.
 */
export function loadDescriptions(): Promise<Descriptions> {
  loading ??= import('./builtin-descriptions.json', {with: {type: 'json'}}).then(
    (module): Descriptions => module.default,
  )
  return loading
}

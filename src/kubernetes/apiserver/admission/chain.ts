import {
  type AdmissionPlugin,
  type AdmissionRequest,
  RefusalWithWarnings,
} from '../../../api/admission.ts'

/** Whether any plugin may change the write. */
export function isMutated(plugins: readonly AdmissionPlugin[], request: AdmissionRequest): boolean {
  return plugins.some((plugin) => plugin.mutate !== undefined && plugin.handles(request))
}

/**
 * Lets the plugins change a write, in their order; their warnings go to `warnings`. Answers whether any of them had the chance, so
 * that the caller knows that the object has to be cleaned again.
 */
export async function mutate(
  plugins: readonly AdmissionPlugin[],
  request: AdmissionRequest,
  warnings: string[],
): Promise<boolean> {
  let mayHaveChanged = false
  for (const plugin of plugins) {
    if (plugin.mutate === undefined || !plugin.handles(request)) continue
    mayHaveChanged = true
    await collectWarnings(() => plugin.mutate?.(request), warnings)
  }
  return mayHaveChanged
}

/** What a plugin warns of goes to `warnings`, also where it refuses. */
async function collectWarnings(
  look: () => ReturnType<NonNullable<AdmissionPlugin['validate']>>,
  warnings: string[],
): Promise<void> {
  try {
    const answer = look()
    const response = answer instanceof Promise ? await answer : answer
    if (response?.warnings !== undefined) warnings.push(...response.warnings)
  } catch (error) {
    if (error instanceof RefusalWithWarnings) warnings.push(...error.warnings)
    throw error
  }
}

/** Lets the plugins refuse a write, in their order; their warnings go to `warnings`. */
export async function validate(
  plugins: readonly AdmissionPlugin[],
  request: AdmissionRequest,
  warnings: string[],
): Promise<void> {
  for (const plugin of plugins) {
    if (plugin.validate === undefined || !plugin.handles(request)) continue
    await collectWarnings(() => plugin.validate?.(request), warnings)
  }
}

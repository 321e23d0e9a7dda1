/** The `_example` of a ConfigMap: documentation that must not be edited by mistake. */
import {crc32} from 'node:zlib'
import type {ConfigMap} from '../core/v1.ts'

/** The key of the documentation. */
export const EXAMPLE_KEY = '_example'
/** Annotation: the checksum of the documentation as it was released. */
const EXAMPLE_CHECKSUM_ANNOTATION = 'knative.dev/example-checksum'

/** The checksum of a documentation: CRC32 over it, runs of line ends counted as one. */
export function exampleChecksum(example: string): string {
  // Upstream replaces by a backslash and an n, not by a line end; the released sums are made so.
  const normal = example.trim().replaceAll(/(?:\r?\n)+/g, '\\n')
  return crc32(normal).toString(16).padStart(8, '0')
}

/**
 * Refuses a ConfigMap whose documentation was edited.
 *
 * @throws Error that tells where the setting belongs.
 */
export function checkExample(configMap: ConfigMap): void {
  const example = configMap.data?.[EXAMPLE_KEY]
  const checksum = configMap.metadata.annotations?.[EXAMPLE_CHECKSUM_ANNOTATION]
  if (example === undefined || checksum === undefined) return
  if (exampleChecksum(example) === checksum) return
  throw new Error(
    'the update modifies a key in "_example" which is probably not what you want. Instead, copy the respective setting to the top-level of the ConfigMap, directly below "data"',
  )
}

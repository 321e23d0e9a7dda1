import {readFileSync} from 'node:fs'
import {join} from 'node:path'

import type {CustomResourceDefinition} from '../api/extensions/v1.ts'
import {packageRoot} from '../util/package-root.ts'

/**
 * The definitions of the kinds that the embedded cluster serves: Knative's twelve, as the release file
 * `serving-crds.yaml` has them, or the three of Istio that net-istio writes; with descriptions of our
 * own. `bin/definitions.ts` writes the files from the declarations in `src/api/go-types`.
 */
export function embeddedDefinitions(of: 'serving' | 'istio'): CustomResourceDefinition[] {
  const path = join(packageRoot(), 'templates', 'local', `${of}-crds.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as CustomResourceDefinition[]
}

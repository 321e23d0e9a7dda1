/**
 * Writes the definitions of the kinds that the embedded cluster serves, `templates/local/*-crds.json`,
 * from the declarations of their types. `--check` writes nothing and fails when a file is not what it
 * should be.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {istioDefinitions} from '../src/api/crd/istio-definitions.ts'
import {servingDefinitions} from '../src/api/crd/serving-definitions.ts'

const folder = fileURLToPath(new URL('../templates/local', import.meta.url))

const FILES = {
  'serving-crds.json': servingDefinitions(),
  'istio-crds.json': istioDefinitions(),
}

for (const [name, definitions] of Object.entries(FILES)) {
  const path = join(folder, name)
  // A line per kind, so that a change shows which one it is of.
  const wanted = `[\n${definitions.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`
  if (!process.argv.includes('--check')) writeFileSync(path, wanted)
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== wanted) {
    console.error(`templates/local/${name} is not up to date; run: npm run fix`)
    process.exitCode = 1
  }
}

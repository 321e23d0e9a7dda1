/**
 * Bundles the program into `dist`: one file per command, shared chunks, the library, its types and
 * the table of commands. Run by `npm run build`.
 *
 * A start costs what is loaded, so three things are done about it (figures of a start, as multiples
 * of `node -e 0`: 4.2 unbundled, 2.5 bundled, 1.4 with all of this):
 *
 * - everything heavy is behind `import()` in the sources and ends up in a chunk of its own;
 * - built-in modules are fetched with `process.getBuiltinModule`: an ESM import of `node:fs` touches
 *   every export, and thereby loads streams and much more;
 * - what oclif requires on its first lines is required when it is used.
 */
import {spawnSync} from 'node:child_process'
import {existsSync, globSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {builtinModules} from 'node:module'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Interfaces} from '@oclif/core'
import {build as esbuild, type Plugin} from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

const builtinsOnDemand: Plugin = {
  name: 'builtins-on-demand',
  setup(build) {
    const names = new Set(builtinModules.map((name) => name.replace(/^node:/, '')))
    build.onResolve({filter: /.*/}, ({path}) => {
      const name = path.replace(/^node:/, '')
      const isBuiltin = path.startsWith('node:') || names.has(path)
      return isBuiltin ? {path: name, namespace: 'builtin', sideEffects: false} : undefined
    })
    build.onLoad({filter: /.*/, namespace: 'builtin'}, ({path}) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}')`,
    }))
  },
}

const oclifOnDemand: Plugin = {
  name: 'oclif-on-demand',
  setup(build) {
    build.onLoad({filter: /@oclif[\\/]core[\\/]lib[\\/].*\.js$/}, async ({path}) => {
      const source = await readFile(path, 'utf8')
      const lazy = source.replace(
        /^const (\w+) = ((?:__importDefault\(|__importStar\()?require\("[^"]+"\)\)?);$/gm,
        'const $1 = __onDemand(() => $2);',
      )
      return {contents: ON_DEMAND + lazy}
    })
  },
}

const ON_DEMAND = `function __onDemand(load) {
  let loaded
  return new Proxy({}, {
    get: (_, name) => (loaded ??= load())[name],
    has: (_, name) => name in (loaded ??= load()),
  })
}
`

rmSync(dist, {recursive: true, force: true})
await bundle()
await writeManifest()
if (!process.argv.includes('--no-types')) writeTypes()

async function bundle(): Promise<void> {
  const commands = globSync('commands/**/*.ts', {cwd: root})
  await esbuild({
    absWorkingDir: root,
    entryPoints: {
      cli: 'src/cli/main.ts',
      ...(existsSync(join(root, 'src/index.ts')) && {index: 'src/index.ts'}),
      ...Object.fromEntries(commands.map((path) => [path.replace(/\.ts$/, ''), path])),
    },
    outdir: dist,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    sourcemap: 'linked',
    legalComments: 'none',
    jsx: 'automatic',
    define: {'process.env.DEV': '"false"'},
    // Optional or native parts of dependencies, only needed where they are installed.
    external: ['typescript', 'ssh2', 'cpu-features', 'react-devtools-core', '*.node'],
    banner: {
      js:
        "const require = process.getBuiltinModule('module').createRequire(import.meta.url), " +
        '__filename = import.meta.filename, __dirname = import.meta.dirname;',
    },
    plugins: [builtinsOnDemand, oclifOnDemand],
    logLevel: 'warning',
  })
}

// The table of commands: with it a start finds its command without reading the others.
async function writeManifest(): Promise<void> {
  const {Config} = await import('@oclif/core/config')
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const config = new Config({root: dist, pjson})
  await config.load()
  // The class has it, its interface does not.
  const {manifest} = config.plugins.get(pjson.name) as unknown as {manifest?: Interfaces.Manifest}
  if (manifest === undefined || Object.keys(manifest.commands).length === 0) {
    throw new Error('no commands were found in dist/commands')
  }
  writeFileSync(join(dist, 'oclif.manifest.json'), JSON.stringify(manifest))
}

function writeTypes(): void {
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc')
  const {status} = spawnSync(
    process.execPath,
    [tsc, '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', 'dist/types'],
    {cwd: root, stdio: 'inherit'},
  )
  if (status !== 0) process.exitCode = 1
}

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
import {globSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {builtinModules} from 'node:module'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Interfaces} from '@oclif/core'
import {build as esbuild, type Plugin} from 'esbuild'
import {loadConfig} from '../src/cli/load-config.ts'
import {COMMAND_TABLE_FILE, makeCommandTable} from '../src/cli/load-command-table.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
/** Put in the place of `dist` when it is complete, so that a failed build leaves the last one. */
const fresh = join(root, `dist.${process.pid}`)

const builtinsOnDemand: Plugin = {
  name: 'builtins-on-demand',
  setup(build) {
    const names = new Set(builtinModules.map((name) => name.replace(/^node:/, '')))
    build.onResolve({filter: /.*/}, ({path, importer, kind}) => {
      const name = path.replace(/^node:/, '')
      if ((!path.startsWith('node:') && !names.has(path)) || kind === 'dynamic-import') return null
      // One per importer: shared, each would become a file of its own.
      return {
        path: `${name}?${importer}`,
        namespace: 'builtin',
        sideEffects: false,
        pluginData: {name, importer: kind === 'import-statement' ? importer : undefined},
      }
    })
    build.onLoad({filter: /.*/, namespace: 'builtin'}, async ({pluginData}) => {
      const {name, importer} = pluginData as {name: string; importer: string | undefined}
      const get = `process.getBuiltinModule('node:${name}')`
      const source = importer === undefined ? '' : await readFile(importer, 'utf8').catch(() => '')
      const used = usedExports(source, name)
      if (used === undefined) return {contents: `module.exports = ${get}`}
      const getters = used.map((member) => `get ${member}() { return ${get}.${member} },`)
      return {contents: `module.exports = {__proto__: null, ${getters.join(' ')}}`}
    })
  },
}

/** What a module uses of a built-in one; undefined when that cannot be told from its text. */
function usedExports(source: string, builtin: string): string[] | undefined {
  const statement = new RegExp(
    `^import\\s+(?!type\\b)([^'"]*?)\\s*from\\s*['"](?:node:)?${builtin}['"]`,
    'gm',
  )
  const clauses = [...source.matchAll(statement)].map(([, clause = '']) => clause.trim())
  if (clauses.length === 0) return undefined
  const used = clauses.map((clause) => {
    const named = /^\{([^}]*)\}$/.exec(clause)?.[1]
    if (named !== undefined) {
      const members = named.split(',').map((member) => member.trim())
      return members
        .filter((member) => member !== '' && !member.startsWith('type '))
        .map((member) => member.replace(/\s+as\s.*$/, ''))
    }
    const local = /^\* as (\w+)$/.exec(clause)?.[1]
    if (local === undefined) return undefined
    return [...source.matchAll(new RegExp(`\\b${local}\\.(\\w+)`, 'g'))].map(
      ([, name = '']) => name,
    )
  })
  const known = used.flatMap((names) => names ?? [])
  return used.includes(undefined) ? undefined : [...new Set(known)]
}

const oclifOnDemand: Plugin = {
  name: 'oclif-on-demand',
  setup(build) {
    build.onLoad(
      {filter: /@oclif[\\/]core[\\/]lib[\\/].*\.js$/, namespace: 'file'},
      async ({path}) => {
        const source = await readFile(path, 'utf8')
        const lazy = source.replace(
          /^const (\w+) = ((?:__importDefault\(|__importStar\()?require\("[^"]+"\)\)?);$/gm,
          'const $1 = __onDemand(() => $2);',
        )
        return {contents: ON_DEMAND + lazy}
      },
    )
  },
}

// esbuild gives a CommonJS package that is imported on demand a default export only; Node, and so the
// sources, find its named exports too.
const namesOfCommonJs: Plugin = {
  name: 'names-of-commonjs',
  setup(build) {
    build.onResolve({filter: /^[@a-z]/}, async ({path, kind, resolveDir, pluginData}) => {
      if (kind !== 'dynamic-import' || pluginData === 'resolving') return undefined
      const options = {kind, resolveDir, pluginData: 'resolving'}
      const resolved = await build.resolve(path, options)
      if (resolved.external || resolved.errors.length > 0 || isEsModule(resolved.path)) {
        return resolved
      }
      return {path: resolved.path, namespace: 'named', pluginData: {resolveDir}}
    })
    build.onLoad({filter: /.*/, namespace: 'named'}, async ({path, pluginData}) => {
      const names = Object.keys((await import(path)) as object).filter(
        (name) => name !== 'default' && /^[A-Za-z_$][\w$]*$/.test(name),
      )
      const exports = names.map((name) => `export const ${name} = exported.${name}\n`)
      return {
        contents: `import exported from ${JSON.stringify(path)}\nexport default exported\n${exports.join('')}`,
        resolveDir: (pluginData as {resolveDir: string}).resolveDir,
      }
    })
  },
}

// By its text: packages have ES modules for bundlers in folders that Node takes for CommonJS.
function isEsModule(path: string): boolean {
  return /^(import|export)[\s{*]/m.test(readFileSync(path, 'utf8'))
}

/** See oclif-at-run-time.ts. What reads the commands themselves has the real one. */
const oclifAtRunTime: Plugin = {
  name: 'oclif-at-run-time',
  setup(build) {
    build.onResolve({filter: /^@oclif\/core\/(args|command|config|flags)$/}, ({importer, kind}) => {
      if (kind !== 'import-statement' || importer.endsWith(join('cli', 'load-config.ts')))
        return null
      return {path: join(root, 'bin/oclif-at-run-time.ts')}
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

/** Which commands are loaded together: one file is faster to load than the many parts they share. */
function bundleOf(id: string): 'install' | 'local' | 'read' | 'write' {
  const [topic = ''] = id.split(':')
  if (['install', 'uninstall', 'upgrade', 'doctor', 'manifests'].includes(topic)) return 'install'
  if (['local', 'autoscaling'].includes(topic)) return 'local'
  return /(^|:)(list|describe|version|config|completion|open|options)$/.test(id) ? 'read' : 'write'
}

/** The file that `bin/run.js` imports: the program, and where each of its commands is. */
const programEntry: Plugin = {
  name: 'program-entry',
  setup(build) {
    const commands = globSync('commands/**/*.ts', {cwd: root}).map((file) => {
      const id = file
        .replace(/^commands\//, '')
        .replace(/\.ts$/, '')
        .replaceAll('/', ':')
      return {file: `./${file}`, id, bundle: bundleOf(id)}
    })
    build.onResolve({filter: /^(program|(install|local|read|write)-commands)$/}, ({path}) => ({
      path,
      namespace: 'generated',
    }))
    build.onLoad({filter: /^program$/, namespace: 'generated'}, () => {
      const loaders = commands.map(
        ({id, bundle}) =>
          `'${id}': () => import('${bundle}-commands').then(({commands}) => commands['${id}'])`,
      )
      return {
        contents: `import {main as run} from './src/cli/main.ts'
          const commands = {${loaders.join(',\n')}}
          export const main = (argv, program) => run(argv, {...program, commands})`,
        resolveDir: root,
      }
    })
    build.onLoad({filter: /-commands$/, namespace: 'generated'}, ({path}) => {
      const bundled = commands.filter(({bundle}) => path === `${bundle}-commands`)
      const imports = bundled.map(({file}, index) => `import command${index} from '${file}'`)
      const entries = bundled.map(({id}, index) => `'${id}': command${index}`)
      return {
        contents: `${imports.join('\n')}\nexport const commands = {${entries.join(', ')}}`,
        resolveDir: root,
      }
    })
  },
}

try {
  await bundle()
  await writeManifest()
  if (!process.argv.includes('--no-types')) writeTypes()
  rmSync(dist, {recursive: true, force: true})
  renameSync(fresh, dist)
} finally {
  rmSync(fresh, {recursive: true, force: true})
}

async function bundle(): Promise<void> {
  await esbuild({
    absWorkingDir: root,
    entryPoints: {
      cli: 'program',
      index: 'src/index.ts',
    },
    outdir: fresh,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    legalComments: 'none',
    jsx: 'automatic',
    define: {
      'process.env.DEV': '"false"',
      'process.env.NODE_ENV': '"production"',
      'process.env.KNTOOL_BUILD_DATE': JSON.stringify(ofCommit('%cs')),
      'process.env.KNTOOL_GIT_REVISION': JSON.stringify(ofCommit('%h')),
    },
    // Optional or native parts of dependencies, only needed where they are installed.
    external: ['typescript', 'ssh2', 'cpu-features', 'react-devtools-core', '*.node'],
    banner: {
      js:
        "const require = process.getBuiltinModule('module').createRequire(import.meta.url), " +
        '__filename = import.meta.filename, __dirname = import.meta.dirname;',
    },
    plugins: [programEntry, oclifAtRunTime, builtinsOnDemand, oclifOnDemand, namesOfCommonJs],
    logLevel: 'warning',
  })
}

// Of the commit, not of the machine: the same sources make the same program. Empty outside a clone.
function ofCommit(format: string): string {
  return (
    spawnSync('git', ['log', '-1', `--format=${format}`], {
      cwd: root,
      encoding: 'utf8',
    }).stdout?.trim() ?? ''
  )
}

// The tables of commands: from one help is printed without loading them, from the other they are found.
async function writeManifest(): Promise<void> {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const config = await loadConfig({root, pjson})
  // The class has it, its interface does not.
  const {manifest} = config.plugins.get(pjson.name) as unknown as {manifest?: Interfaces.Manifest}
  if (manifest === undefined || Object.keys(manifest.commands).length === 0) {
    throw new Error('no commands were found in commands/')
  }
  writeFileSync(join(fresh, 'oclif.manifest.json'), JSON.stringify(manifest))
  const table = makeCommandTable(Object.values(manifest.commands))
  writeFileSync(join(fresh, COMMAND_TABLE_FILE), JSON.stringify(table))
}

function writeTypes(): void {
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc')
  const config = join(fresh, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir: join(fresh, 'types'),
  }
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      include: [],
      files: [join(root, 'src/index.ts')],
      compilerOptions,
    }),
  )
  const {status} = spawnSync(process.execPath, [tsc, '--project', config], {stdio: 'inherit'})
  rmSync(config)
  if (status !== 0) throw new Error('the types of the library could not be written')
}

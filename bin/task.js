#!/usr/bin/env node
// Runs a task of this repository on any machine: `node bin/task.js <task> [arguments]`.
//
// Installs the dependencies when they are missing or not those of package-lock.json, then runs the
// task with the Node that the `node` package brought. Plain JavaScript for whatever Node is there.
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const node = join(modules, '.bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** What each task runs with Node 24, one after another. */
const TASKS = {
  quickstart: [['src/quickstart/main.ts']],
  test: [['node_modules/vitest/vitest.mjs', 'run']],
  bench: [['test/bench/run.ts']],
  build: [['bin/build.ts']],
  dev: [['bin/dev.js']],
  fix: [
    ['node_modules/oxfmt/bin/oxfmt'],
    ['node_modules/oxlint/bin/oxlint', '--type-aware', '--fix'],
    ['bin/docs.ts'],
    ['bin/definitions.ts'],
  ],
  check: [
    ['node_modules/oxfmt/bin/oxfmt', '--check'],
    ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
    ['node_modules/@typescript/native/bin/tsc'],
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      'src',
      'commands',
      '--output-type',
      'err',
    ],
    ['node_modules/knip/bin/knip.js'],
    ['bin/docs.ts', '--check'],
    ['bin/definitions.ts', '--check'],
  ],
}

/** Tasks that run the built program, and so need it to be that of the sources. */
const NEEDS_BUILD = new Set(['test', 'bench'])

const [task = '', ...rest] = process.argv.slice(2)
if (!Object.hasOwn(TASKS, task)) {
  fail(`unknown task "${task}"; there are: ${Object.keys(TASKS).join(', ')}`)
} else {
  if (!dependenciesAreCurrent()) installDependencies()
  if (!existsSync(node)) completeNodePackage()
  if (NEEDS_BUILD.has(task) && !buildIsCurrent()) runAll('build', [])
  runAll(task, rest)
}

function runAll(name, args) {
  const failed = TASKS[name].filter((command) => {
    const {status, signal} = spawnSync(node, [...command, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: {...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}`},
    })
    if (signal === 'SIGINT') process.exit(130)
    return status !== 0
  })
  if (failed.length > 0) {
    const which = failed.map((command) => command[0].split('/').at(-1)).join(', ')
    fail(`${name} failed${TASKS[name].length > 1 ? ` in ${which}` : ''}`)
  }
}

// npm notes what it installed in a lock file of its own: compared package by package, since
// modification times say nothing after a checkout.
function dependenciesAreCurrent() {
  try {
    const wanted = readJson(join(root, 'package-lock.json')).packages
    const installed = readJson(join(modules, '.package-lock.json')).packages
    return Object.entries(wanted).every(
      ([path, entry]) =>
        path === '' || entry.optional || installed[path]?.version === entry.version,
    )
  } catch {
    return false
  }
}

function installDependencies() {
  console.error('Installing dependencies (npm ci) …')
  // Under `npm run`, npm_execpath is npm's own script; npm itself is not always on the PATH then.
  const {npm_execpath: npm} = process.env
  const [command, args] = npm ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']]
  const {status, stderr} = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  process.stderr.write(withoutEngineWarnings(stderr ?? ''))
  if (status !== 0) fail('npm ci failed')
}

// They are about the Node that started npm; what is installed runs with the one that is installed.
function withoutEngineWarnings(text) {
  return text.replaceAll(/^npm warn EBADENGINE.*\n?/gim, '')
}

// npm may have been told not to run install scripts; that of the `node` package fetches the program.
function completeNodePackage() {
  const script = readdirSync(join(modules, 'node')).find((name) => /^install.*\.js$/.test(name))
  if (script) spawnSync(process.execPath, [script], {cwd: join(modules, 'node'), stdio: 'inherit'})
  if (!existsSync(node)) fail('the "node" package did not install its program; run npm ci')
}

function buildIsCurrent() {
  const built = join(root, 'dist', 'cli.js')
  if (!existsSync(built)) return false
  const builtMs = statSync(built).mtimeMs
  return ['src', 'commands', 'bin', 'package.json'].every(
    (path) => newestMs(join(root, path)) <= builtMs,
  )
}

function newestMs(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function fail(message) {
  console.error(`Error: ${message}`)
  process.exit(1)
}

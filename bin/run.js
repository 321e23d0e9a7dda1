#!/usr/bin/env node
// What `kntool` starts. Plain JavaScript that an old Node can read, so that it can say what is
// missing; everything else is in `dist` (built) or, in a clone that was never built, in `src`.
const {existsSync, readFileSync} = process.getBuiltinModule?.('fs') ?? (await import('node:fs'))
const {fileURLToPath} = process.getBuiltinModule?.('url') ?? (await import('node:url'))

const root = fileURLToPath(new URL('..', import.meta.url))
const MINIMUM = [22, 19]

if (process.argv[2] === '--version' && process.argv.length === 3) {
  printVersion()
} else if (!isNewEnough(process.versions.node)) {
  await restartWithNewerNode()
} else {
  await start()
}

function printVersion() {
  const {name, version} = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  process.stdout.write(
    `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
  )
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])
}

async function start() {
  silenceSqliteWarning()
  enableCompileCache()
  const built = `${root}dist/cli.js`
  if (existsSync(built)) {
    const {main} = await import('../dist/cli.js')
    await main(process.argv.slice(2), {root})
  } else {
    await import('./dev.js')
  }
}

// node:sqlite is still marked experimental; a person who runs a command can do nothing about it.
function silenceSqliteWarning() {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = (warning, ...rest) => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return
    emitWarning(warning, ...rest)
  }
}

// Compiled code kept between runs halves the time until the first line of a command runs.
function enableCompileCache() {
  const {HOME, XDG_CACHE_HOME, LOCALAPPDATA, NODE_COMPILE_CACHE} = process.env
  const cache = XDG_CACHE_HOME || LOCALAPPDATA || (HOME && `${HOME}/.cache`)
  if (NODE_COMPILE_CACHE !== undefined || !cache) return
  process.getBuiltinModule('module').enableCompileCache(`${cache}/kntool/compile`)
}

async function restartWithNewerNode() {
  const newer = `${root}node_modules/.bin/node`
  if (!existsSync(newer) || process.env.KNTOOL_RESTARTED) {
    process.stderr.write(
      `Error: kntool needs Node.js ${MINIMUM.join('.')} or newer; this is ${process.version} ` +
        `(${process.execPath}).\n  Try: npm install --global node@24, or see https://nodejs.org\n`,
    )
    process.exitCode = 1
    return
  }
  const {spawn} = await import('node:child_process')
  const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: {...process.env, KNTOOL_RESTARTED: '1'},
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal))
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

/**
 * Writes `docs/commands`, a page per topic, from what the commands say about themselves.
 * `--check` writes nothing and fails when a page is not what it should be.
 */
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {loadConfig} from '../src/cli/load-config.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'docs', 'commands')

type Commands = Awaited<ReturnType<typeof loadConfig>>['commands']
type Command = Commands[number]

const pages = await makePages()
if (process.argv.includes('--check')) check(pages)
else write(pages)

async function makePages(): Promise<Map<string, string>> {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const {commands} = await loadConfig({root, pjson})
  // oclif only warns about files it cannot load.
  const files = globSync('commands/**/*.ts', {cwd: root}).length
  if (commands.length !== files) throw new Error(`${files - commands.length} commands do not load`)
  const topics = Map.groupBy(
    commands.filter(({hidden}) => !hidden).toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    ({id}) => id.split(':')[0] ?? id,
  )
  const made = [...topics].map(([topic, members]): [string, string] => {
    const description = pjson.oclif.topics[topic]?.description
    const intro = description === undefined ? '' : `${description}.\n\n`
    return [`${topic}.md`, `# kntool ${topic}\n\n${intro}${members.map(section).join('\n')}`]
  })
  return new Map(made)
}

function section(command: Command): string {
  const name = `kntool ${command.id.replaceAll(':', ' ')}`
  const words = Object.entries(command.args).map(([arg, {required}]) =>
    required ? arg.toUpperCase() : `[${arg.toUpperCase()}]`,
  )
  const usage =
    typeof command.usage === 'string'
      ? `kntool ${command.usage}`
      : [name, ...words, '[flags]'].join(' ')
  return [
    `## ${name}\n`,
    `${command.summary ?? ''}.\n`,
    ...(command.description === undefined ? [] : [`${command.description}\n`]),
    `\`\`\`console\n$ ${usage}\n\`\`\`\n`,
    ...flagTable(command),
    ...examples(command),
  ].join('\n')
}

function flagTable({flags}: Command): string[] {
  const shown = Object.entries(flags).filter(([, {hidden}]) => !hidden)
  if (shown.length === 0) return []
  const rows = shown.map(([name, flag]) => {
    const {char, summary = '', env} = flag
    const negation = flag.type === 'boolean' && flag.allowNo ? '[no-]' : ''
    const value = flag.type === 'option' ? ` ${[flag.helpValue ?? 'VALUE'].flat().join('|')}` : ''
    const short = char === undefined ? '' : `\`-${char}\`, `
    const variable = env === undefined ? '' : ` (\`${env}\`)`
    return `| ${short}\`--${negation}${name}${value}\` | ${escapeCell(summary)}${variable} |`
  })
  return [`| flag | meaning |\n| --- | --- |\n${rows.join('\n')}\n`]
}

function examples({examples: given = []}: Command): string[] {
  const lines = given.map((example) => {
    const text = typeof example === 'string' ? example : example.command
    return text.replaceAll('<%= config.bin %>', 'kntool')
  })
  return lines.length === 0 ? [] : [`\`\`\`sh\n${lines.join('\n\n')}\n\`\`\`\n`]
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

function write(wanted: Map<string, string>): void {
  rmSync(folder, {recursive: true, force: true})
  mkdirSync(folder, {recursive: true})
  for (const [name, text] of wanted) writeFileSync(join(folder, name), text)
}

function check(wanted: Map<string, string>): void {
  const present = existsSync(folder) ? readdirSync(folder) : []
  const wrong = [...new Set([...present, ...wanted.keys()])].filter(
    (name) =>
      !present.includes(name) || readFileSync(join(folder, name), 'utf8') !== wanted.get(name),
  )
  if (wrong.length === 0) return
  console.error(`docs/commands is not up to date (${wrong.join(', ')}); run: npm run fix`)
  process.exitCode = 1
}

import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {loadConfig} from '../../src/cli/load-config.ts'
import {type CommandHelp, renderCommandHelp} from '../../src/ui/command-help.ts'

let commands: readonly CommandHelp[]

beforeAll(async () => {
  const pjson = JSON.parse(readFileSync('package.json', 'utf8'))
  const config = await loadConfig({root: resolve('.'), pjson})
  commands = config.commands.filter(({hidden}) => !hidden) as unknown as CommandHelp[]
})

function offenders(isWrong: (command: CommandHelp) => boolean): string[] {
  return commands.filter(isWrong).map(({id}) => id)
}

describe('every command', () => {
  test('is here', () => expect(commands.length).toBeGreaterThan(40))

  test('has an example that says what it is for, and begins with the command', () => {
    const wrong = offenders(({id, examples = []}) => {
      const words = id.replaceAll(':', ' ')
      return !examples.some((text) => text.startsWith('# ') && text.includes(`%> ${words}`))
    })
    expect(wrong).toEqual([])
  })

  test('has a summary of one line without a full stop', () => {
    expect(offenders(({summary = ''}) => !/^[A-Z][^\n]*[^.\n]$/.test(summary))).toEqual([])
  })

  test('says what each of its flags and arguments is', () => {
    const wrong = commands.flatMap(({id, flags, args}) => [
      ...Object.entries(flags)
        .filter(([, {summary, hidden}]) => !summary && !hidden)
        .map(([name]) => `${id} --${name}`),
      ...Object.entries(args)
        .filter(([, {description}]) => !description)
        .map(([name]) => `${id} ${name}`),
    ])
    expect(wrong).toEqual([])
  })

  test('has no two flags with the same letter', () => {
    const wrong = offenders(({flags}) => {
      const letters = Object.values(flags).flatMap(({char}) => (char ? [char] : []))
      return new Set(letters).size < letters.length
    })
    expect(wrong).toEqual([])
  })

  test('can be explained on the narrowest terminal', () => {
    for (const command of commands) expect(renderCommandHelp(command, 40)).toContain('EXAMPLES')
  })
})

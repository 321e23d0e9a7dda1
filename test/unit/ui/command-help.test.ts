import {describe, expect, test} from 'vitest'
import {type CommandHelp, renderCommandHelp} from '../../../src/ui/command-help.ts'

const HELP: CommandHelp = {
  id: 'traffic:promote',
  summary: 'Send all traffic to one revision',
  description: 'A revision that is not ready is refused, because it would answer nobody at all.',
  args: {
    name: {description: 'Name of the service', required: true},
    revision: {description: 'Name, tag or role'},
  },
  flags: {
    namespace: {
      type: 'option',
      char: 'n',
      summary: 'Namespace to work in',
      helpValue: 'NAME',
      env: 'KNTOOL_NAMESPACE',
    },
    wait: {type: 'boolean', allowNo: true, summary: 'Wait until the service is ready'},
    runtime: {type: 'option', summary: 'What runs it', options: ['process', 'container']},
    secret: {type: 'boolean', hidden: true, summary: 'Nobody sees this'},
    context: {type: 'option', summary: 'Context to use', helpValue: 'NAME', helpGroup: 'GLOBAL'},
  },
  examples: ['# The newest\n<%= config.bin %> traffic promote web'],
}

describe('renderCommandHelp', () => {
  test('explains a command', () => {
    expect(renderCommandHelp(HELP)).toBe(`Send all traffic to one revision

USAGE
  $ kntool traffic promote NAME [REVISION] [flags]

ARGUMENTS
  NAME        Name of the service
  [REVISION]  Name, tag or role

FLAGS
  -n, --namespace NAME             Namespace to work in [env: KNTOOL_NAMESPACE]
      --runtime process|container  What runs it
      --[no-]wait                  Wait until the service is ready

GLOBAL FLAGS
      --context NAME  Context to use

DESCRIPTION
  A revision that is not ready is refused, because it would answer nobody at
  all.

EXAMPLES
  # The newest
  $ kntool traffic promote web

Each flag can also be set by a variable: KNTOOL_TRAFFIC_PROMOTE_NAMESPACE for --namespace.
`)
  })

  test('keeps to the width of the terminal', () => {
    const [, ...lines] = renderCommandHelp(HELP, 60).split('\nEach flag')[0]?.split('\n') ?? []
    expect(lines.filter((line) => line.length > 60)).toEqual([])
  })
})

import * as Flags from '@oclif/core/flags'
import {durationFlag} from './common-flags.ts'

/** What to send with `kntool curl`, in the words of curl, and to whom. */
export const curlFlags = {
  tag: Flags.string({
    summary: 'Call the revision with this tag',
    helpValue: 'TAG',
    exclusive: ['revision'],
  }),
  revision: Flags.string({
    summary: 'Call this revision, which needs a tag: a name, @latest, @prev or gen:3',
    helpValue: 'REVISION',
  }),
  request: Flags.string({
    char: 'X',
    summary: 'Method (default: GET, or POST with data)',
    helpValue: 'METHOD',
  }),
  header: Flags.string({
    char: 'H',
    summary: 'Header field, several times if need be',
    helpValue: 'NAME:VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  data: Flags.string({
    char: 'd',
    summary: 'Body; @FILE for a file, @- for standard input',
    helpValue: 'TEXT',
  }),
  include: Flags.boolean({char: 'i', summary: 'Print the head of the answer before its body'}),
  'max-time': durationFlag({
    char: 'm',
    summary: 'Give up after this: 500ms, 10s (default: never)',
    helpValue: 'TIME',
  }),
  fail: Flags.boolean({char: 'f', summary: 'Exit with 1 when the status is 400 or above'}),
  silent: Flags.boolean({char: 's', summary: 'Do not say who answered'}),
}

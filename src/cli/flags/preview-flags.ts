/** `--dry-run` and `--diff`: what a command would do, without doing it. */
import * as Flags from '@oclif/core/flags'
import type {PreviewMode} from '../../operations/preview/preview.ts'

/**
 * The flags of every command that writes. A command that has them needs nothing else: its connection
 * writes nothing, it does not wait, and its text is replaced by what would be changed.
 */
export const previewFlags = {
  'dry-run': Flags.string({
    summary: 'Write nothing, say what would be: checked by the server, or by the client only',
    helpValue: 'server|client',
    options: ['none', 'client', 'server'],
  }),
  diff: Flags.boolean({summary: 'Write nothing, show the difference as YAML'}),
}

/** The values of {@link previewFlags}, and what `-o` was given. */
export interface PreviewFlagValues {
  readonly 'dry-run'?: string | undefined
  readonly diff?: boolean | undefined
  readonly output?: string | undefined
}

/** Which preview the flags ask for, if any: `--diff` alone asks the server. */
export function previewMode(flags: PreviewFlagValues): PreviewMode | undefined {
  const mode = flags['dry-run']
  if (mode === 'client' || mode === 'server') return mode
  return flags.diff ? 'server' : undefined
}

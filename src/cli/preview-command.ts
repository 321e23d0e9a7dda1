import type {Client} from '../client/client.ts'
import {type PreviewMode, startPreview} from '../operations/preview/preview.ts'
import {renderPreview} from '../ui/preview-text.ts'
import {visibleLogLine} from '../util/visible-text.ts'
import type {PreviewFlagValues} from './flags/preview-flags.ts'

/** A preview on its way, with what is printed at its end. */
export interface CommandPreview {
  readonly client: Client
  /** Whether standard output is for a document, so that the text goes to standard error. */
  readonly hasDocument: boolean
  /** Writes what would be changed. */
  write(): void
}

/** Begins a preview whose text is as the flags ask for. */
export function previewCommand(
  client: Client,
  mode: PreviewMode,
  flags: PreviewFlagValues,
): CommandPreview {
  const preview = startPreview(client, mode)
  const hasDocument = flags.output !== undefined
  const stream = hasDocument ? process.stderr : process.stdout
  const colour = stream.isTTY && !process.env['NO_COLOR']
  return {
    client: preview.client,
    hasDocument,
    write() {
      const style = {mode, diff: flags.diff ?? false, colour}
      stream.write(visibleLogLine(renderPreview(preview.changes(), style)))
    },
  }
}

import {secretMask} from '../errors/secret-mask.ts'
import {visibleText} from '../util/visible-text.ts'

/** Writes to standard error, where nothing is secret and every character is seen. */
export function writeError(text: string): void {
  process.stderr.write(visibleText(secretMask.apply(text)))
}

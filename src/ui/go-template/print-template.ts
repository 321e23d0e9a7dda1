/**
 * `-o go-template`: Go's templates, filled from an object. Counterpart of k8s.io/cli-runtime
 * `printers.GoTemplatePrinter`.
 */
import {GoTemplate} from '../../util/go-template/go-template.ts'
import {exists, index} from './lookups.ts'

/** How keys that are not there are taken. */
export interface PrintTemplateOptions {
  readonly allowMissingKeys: boolean
}

/** Parses a template with kubectl's own functions on top of Go's. Throws an Error with Go's text. */
export function parsePrintTemplate(text: string, options: PrintTemplateOptions): GoTemplate {
  return new GoTemplate('output', text, {
    functions: {base64decode, exists, index},
    missingKey: options.allowMissingKeys ? 'default' : 'error',
  })
}

function base64decode(value: unknown): string {
  const text = String(value)
  const wrong = text.search(/[^A-Za-z0-9+/=\r\n]/)
  if (wrong >= 0 || text.replaceAll(/[\r\n]/g, '').length % 4 !== 0) {
    const at = wrong >= 0 ? wrong : text.length
    throw new Error(`base64 decode failed: illegal base64 data at input byte ${at}`)
  }
  return Buffer.from(text, 'base64').toString('utf8')
}

import {alignTabs, DESCRIBE_TABS} from '../tab-writer.ts'

/**
 * Writes a description: labels with values, aligned, in sections within sections.
 *
 * Text is aligned together until `flush`. Counterpart of kn's `printers.PrefixWriter`.
 *
 * @example
 *   Name:       hello
 *   Revisions:
 *     100%  @latest (hello-00002) [2] (8s)
 *           Image:     ghcr.io/knative/helloworld-go:latest
 */
export class DescribeWriter {
  readonly #document: {aligned: string; pending: string}
  readonly #prefix: string

  constructor(
    document: {aligned: string; pending: string} = {aligned: '', pending: ''},
    prefix = '',
  ) {
    this.#document = document
    this.#prefix = prefix
  }

  /** A label and its value; the result writes what belongs below, indented by two spaces. */
  attribute(label: string, value: string): DescribeWriter {
    this.line(`${label}:\t${value}`)
    return new DescribeWriter(this.#document, `${this.#prefix}  `)
  }

  /** Cells of one line; the result writes into the columns after the first. */
  columns(...cells: string[]): DescribeWriter {
    this.line(cells.join('\t'))
    return new DescribeWriter(this.#document, `${this.#prefix}\t`)
  }

  /** A line in this section's place. */
  line(text: string): void {
    this.#document.pending += `${this.#prefix}${text}\n`
  }

  /** A line without anything on it. */
  blank(): void {
    this.#document.pending += '\n'
  }

  /** Aligns what was written so far; what follows is aligned by itself. */
  flush(): void {
    this.#document.aligned += alignTabs(this.#document.pending, DESCRIBE_TABS)
    this.#document.pending = ''
  }

  /** Everything written. */
  toString(): string {
    this.flush()
    return this.#document.aligned
  }
}

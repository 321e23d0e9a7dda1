/** A text that is no YAML, or none that Kubernetes takes. */
export class YamlError extends Error {
  override readonly name = 'YamlError'
  /** What is wrong, in the words of go-yaml where it has them. */
  readonly problem: string
  /** From 1; undefined where the text as a whole is wrong. */
  readonly line: number | undefined
  /** Which document of the text, from 1. */
  readonly document: number

  constructor(problem: string, place: {readonly line?: number; readonly document?: number} = {}) {
    super(place.line === undefined ? `yaml: ${problem}` : `yaml: line ${place.line}: ${problem}`)
    this.problem = problem
    this.line = place.line
    this.document = place.document ?? 1
  }
}

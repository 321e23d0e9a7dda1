/** Tells what happens: chapters, the commands a person would type, and what they answer. */
export class Narrator {
  readonly #write: (text: string) => void
  #chapter = 0

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** Begins a chapter with what it is about. */
  chapter(title: string): void {
    this.#chapter += 1
    this.#write(`\n━━ ${this.#chapter}. ${title}\n`)
  }

  /** The command that does what follows. */
  command(line: string): void {
    this.#write(`\n$ ${line}\n`)
  }

  /** A part of an answer, as it is. */
  readonly output = (text: string): void => this.#write(text)

  /** A remark. */
  remark(text: string): void {
    this.#write(`  ${text}\n`)
  }
}

import {execFile} from 'node:child_process'
import {closeSync, constants, mkdtempSync, openSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {MINIMAL_PATH} from './executable.ts'

/** A pipe with both its ends open; who takes it closes them. */
export interface Pipe {
  readonly readFd: number
  readonly writeFd: number
}

const BATCH = 9
/** A process takes up to three. */
const STOCK = 3

/**
 * Pipes for the input and output of processes. Those that Node makes are pairs of sockets, which a
 * program cannot open by path: `/dev/stdout` and `/proc/self/fd/1` would be ENXIO.
 *
 * Some are kept in stock, so that a start need not wait for them.
 */
export class Pipes {
  readonly #stock: Pipe[] = []
  #making: Promise<void> | undefined
  #isClosed = false

  /** Pipes for one process; undefined where this machine can make none. */
  async take(count: number): Promise<Pipe[] | undefined> {
    if (this.#stock.length < count) await this.#make()
    if (this.#stock.length < count) return undefined
    const taken = this.#stock.splice(0, count)
    if (this.#stock.length < STOCK) void this.#make()
    return taken
  }

  /** Gives back what is in stock. */
  close(): void {
    this.#isClosed = true
    for (const pipe of this.#stock.splice(0)) closePipe(pipe)
  }

  #make(): Promise<void> {
    this.#making ??= makePipes(BATCH)
      .then((pipes) => {
        this.#stock.push(...pipes)
        if (this.#isClosed) this.close()
      })
      .catch(() => undefined)
      .finally(() => (this.#making = undefined))
    return this.#making
  }
}

function closePipe({readFd, writeFd}: Pipe): void {
  closeSync(readFd)
  closeSync(writeFd)
}

/** Named ones, whose names are taken away at once: an open pipe needs none. */
async function makePipes(count: number): Promise<Pipe[]> {
  const directory = mkdtempSync(join(tmpdir(), 'kntool-pipes-'))
  try {
    const paths = Array.from({length: count}, (_, index) => join(directory, `${index}`))
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths], {env: {PATH: MINIMAL_PATH}})
    return paths.map(openPipe)
  } finally {
    rmSync(directory, {recursive: true, force: true})
  }
}

function openPipe(path: string): Pipe {
  // Each end would wait for the other; this one waits for nobody.
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  try {
    return {
      readFd: openSync(path, constants.O_RDONLY),
      writeFd: openSync(path, constants.O_WRONLY),
    }
  } finally {
    closeSync(both)
  }
}

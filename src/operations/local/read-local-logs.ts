import {open, watch} from 'node:fs/promises'
import {KntoolError} from '../../errors/kntool-error.ts'
import {findLocalCluster, type LocalClusterChoice} from './find-local-cluster.ts'

/** Which lines of the log are read. */
export interface ReadLogsRequest extends LocalClusterChoice {
  readonly component?: string | undefined
  /** Goes on until `signal` aborts. */
  readonly follow?: boolean | undefined
  /** How many lines to begin with; without it, all. */
  readonly tail?: number | undefined
  readonly signal: AbortSignal
}

/** The lines of the log of a cluster of this machine. Throws `KN_NOT_FOUND` when there is none. */
export async function* readLocalLogs(request: ReadLogsRequest): AsyncGenerator<string, void> {
  const {dir, name} = findLocalCluster(request)
  const file = await open(dir.log).catch((cause: unknown) => {
    throw new KntoolError('KN_NOT_FOUND', `The local cluster "${name}" has no log.`, {
      hint: 'kntool local up --detach',
      cause,
    })
  })
  try {
    const reader = new LineReader(file)
    const wanted = (lines: string[]): string[] =>
      request.component === undefined
        ? lines
        : lines.filter((line) => line.includes(`"component":"${request.component}"`))
    const present = wanted(await reader.read())
    yield* request.tail === undefined ? present : present.slice(-request.tail || present.length)
    if (!request.follow) return
    for await (const _ of changesOf(dir.log, request.signal)) yield* wanted(await reader.read())
  } finally {
    await file.close()
  }
}

/** Complete lines that were added to a file since the last read. */
class LineReader {
  readonly #file: Awaited<ReturnType<typeof open>>
  #offset = 0
  #rest = ''

  constructor(file: Awaited<ReturnType<typeof open>>) {
    this.#file = file
  }

  async read(): Promise<string[]> {
    const decoder = new TextDecoder()
    const buffer = Buffer.alloc(64 * 1024)
    for (;;) {
      const {bytesRead} = await this.#file.read(buffer, 0, buffer.length, this.#offset)
      if (bytesRead === 0) break
      this.#offset += bytesRead
      this.#rest += decoder.decode(buffer.subarray(0, bytesRead), {stream: true})
    }
    const lines = this.#rest.split('\n')
    this.#rest = lines.pop() ?? ''
    return lines
  }
}

async function* changesOf(path: string, signal: AbortSignal): AsyncGenerator<void, void> {
  try {
    for await (const _ of watch(path, {signal})) yield
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

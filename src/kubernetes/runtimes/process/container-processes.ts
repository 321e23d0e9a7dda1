import {randomUUID} from 'node:crypto'
import {endControlGroup, makeControlGroup} from './control-group.ts'
import type {ProcessRecords} from './process-records.ts'
import {killGroup} from './signals.ts'
import {type ProgramStart, type SpawnedProcess, spawnProcess} from './spawn-process.ts'
import {endStrays} from './stray-processes.ts'

/** The variable by which the processes of a container are told from all others. */
const MARK_VARIABLE = 'KNTOOL_CONTAINER'

/**
 * The processes of one run of a container: the first one, commands beside it, and all that they
 * start. None of them outlives {@link end}, wherever it went:
 *
 * | the machine               | what a process can do to get away                            |
 * | ------------------------- | ------------------------------------------------------------ |
 * | lets us make control groups | nothing                                                    |
 * | other Linux               | leave its session, lose its parent *and* clear its variables |
 * | macOS                     | the same, or belong to the system                            |
 */
export class ContainerProcesses {
  readonly #id = randomUUID()
  readonly #controlGroup = makeControlGroup(this.#id)
  readonly #records: ProcessRecords | undefined
  #leader: number | undefined
  #forget: (() => void) | undefined

  /** `records`: where they are remembered for the next run of this program. */
  constructor(records: ProcessRecords | undefined) {
    this.#records = records
  }

  /** Starts a process; the first one leads. Throws a ContainerStartError when the system refuses. */
  async spawn(start: ProgramStart): Promise<SpawnedProcess> {
    const spawned = await spawnProcess({
      ...start,
      env: {...start.env, [MARK_VARIABLE]: this.#id},
      ...(this.#controlGroup !== undefined && {controlGroup: this.#controlGroup}),
    })
    if (this.#leader === undefined) {
      this.#leader = spawned.pid
      this.#forget = this.#records?.add(spawned.pid, this.#mark, this.#controlGroup)
    }
    return spawned
  }

  /** Ends by force whatever of them runs. Resolves when nothing is left. */
  async end(): Promise<void> {
    const leader = this.#leader
    if (leader !== undefined) killGroup(leader)
    if (this.#controlGroup !== undefined) await endControlGroup(this.#controlGroup)
    else await endStrays([{mark: this.#mark, ...(leader !== undefined && {leader})}])
    this.#forget?.()
  }

  get #mark(): string {
    return `${MARK_VARIABLE}=${this.#id}`
  }
}

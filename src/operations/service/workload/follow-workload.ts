import type {Client} from '../../../client/client.ts'
import type {Clock, Timer} from '../../../util/clock.ts'
import {advise, portInLog, type ServiceKey} from './advise.ts'
import {hasChildren} from './has-children.ts'
import {judgeWorkload} from './judge-workload.ts'
import {lastLogLines} from './last-log-lines.ts'
import type {Trouble, Workload} from './trouble.ts'
import {watchWorkload} from './watch-workload.ts'

/** A trouble with what a person needs to end it. */
export interface TroubleReport extends Trouble {
  readonly advice: readonly string[]
  /** The last lines of the container, the oldest first. */
  readonly log: readonly string[]
}

/** What is followed, and who hears of it. */
export interface FollowOptions extends ServiceKey {
  /** How long a fatal trouble has to last at least. */
  readonly windowMs: number
  /** Each trouble once, after it has lasted as long as its kind asks for. */
  readonly onTrouble: (report: TroubleReport) => void
  readonly signal: AbortSignal
}

/** Most Services are ready before this, and cost no watch of their pods. */
const START_AFTER_MS = 1_000

/**
 * Follows the workload of the revision that {@link WorkloadFollower.expect} names, beginning a second
 * after it was made; ends with the signal.
 */
export class WorkloadFollower {
  readonly #client: Client
  readonly #clock: Clock
  readonly #options: FollowOptions
  readonly #told = new Set<string>()
  /** Texts of refusals that are over: what was refused is there now. */
  readonly #settled = new Set<string>()
  #workload: Workload
  #revision: string | undefined
  #isReconsidering = false
  #pending: {id: string; trouble: Trouble; timer: Timer} | undefined

  constructor({client, clock}: {client: Client; clock: Clock}, options: FollowOptions) {
    this.#client = client
    this.#clock = clock
    this.#options = options
    this.#workload = {
      service: options.name,
      revisions: [],
      pods: [],
      replicaSets: [],
      events: [],
      refusals: [],
      repeated: new Set(),
    }
    const start = clock.after(START_AFTER_MS, () =>
      watchWorkload({client, clock}, options, {
        signal: options.signal,
        onChange: (workload) => {
          this.#workload = workload
          this.#judge()
        },
      }),
    )
    const stop = (): void => {
      start.cancel()
      this.#forget()
    }
    options.signal.addEventListener('abort', stop, {once: true})
  }

  /** Says which revision has to get ready; undefined when that is not known, or it is. */
  expect(revision: string | undefined): void {
    if (this.#revision === revision) return
    this.#revision = revision
    this.#judge()
  }

  /** What keeps the revision from getting ready at this moment, however long. */
  async report(): Promise<TroubleReport | undefined> {
    const trouble = this.#pending?.trouble ?? this.#trouble()
    return trouble && this.#explain(trouble)
  }

  /** Whether a pod waits for a node that may still be added: nothing has failed, whatever Ready says. */
  get waitsForNode(): boolean {
    const trouble = this.#trouble()
    return trouble?.kind === 'unschedulable' && !trouble.fatal
  }

  #trouble(): Trouble | undefined {
    if (this.#revision === undefined) return undefined
    const refusals = this.#workload.refusals.filter(({message = ''}) => !this.#settled.has(message))
    return judgeWorkload({...this.#workload, refusals}, this.#revision)
  }

  #judge(): void {
    if (this.#options.signal.aborted) return
    const trouble = this.#trouble()
    if (trouble === undefined) return this.#forget()
    const id = [trouble.revision, trouble.kind, trouble.container, trouble.fatal].join(' ')
    if (this.#pending?.id === id) {
      this.#pending.trouble = trouble
      void this.#reconsider(id, trouble)
      return
    }
    this.#forget()
    const {windowMs} = this.#options
    const delayMs = trouble.fatal ? Math.max(trouble.afterMs, windowMs) : trouble.afterMs
    const timer = this.#clock.after(delayMs, () => void this.#tell(id))
    this.#pending = {id, trouble, timer}
  }

  #forget(): void {
    this.#pending?.timer.cancel()
    this.#pending = undefined
  }

  async #tell(id: string): Promise<void> {
    const trouble = this.#pending?.trouble
    if (trouble === undefined || this.#told.has(id)) return
    if (trouble.about !== undefined && (await this.#isOver(trouble))) return this.#judge()
    this.#told.add(id)
    this.#options.onTrouble(await this.#explain(trouble))
  }

  // An event stays for an hour; what it says was refused may have been made since.
  async #isOver(trouble: Trouble): Promise<boolean> {
    const {namespace} = this.#options
    if (trouble.about?.kind !== 'Revision') return false
    if (!(await hasChildren(this.#client, namespace, trouble.revision))) return false
    for (const {message = ''} of this.#workload.refusals) {
      if (message.includes(trouble.message)) this.#settled.add(message)
    }
    this.#forget()
    return true
  }

  // What was told as something that may pass can turn out not to, by what the program says since.
  async #reconsider(id: string, trouble: Trouble): Promise<void> {
    if (trouble.kind !== 'probe' || !this.#told.has(id) || this.#isReconsidering) return
    this.#isReconsidering = true
    const report = await this.#explain(trouble)
    this.#isReconsidering = false
    if (report.fatal && this.#pending?.id === id) this.#options.onTrouble(report)
  }

  async #explain(trouble: Trouble): Promise<TroubleReport> {
    const {namespace} = this.#options
    const {kind, pod, container, port} = trouble
    const hasRun = kind === 'crashing' || kind === 'probe'
    const log =
      hasRun && pod !== undefined && container !== undefined
        ? await lastLogLines(
            this.#client,
            {namespace, pod, container},
            {previous: kind === 'crashing'},
          )
        : []
    // A program that says itself where it listens will not come to listen elsewhere.
    const isElsewhere = kind === 'probe' && portInLog(log, port) !== undefined
    return {
      ...trouble,
      fatal: trouble.fatal || isElsewhere,
      advice: advise(trouble, this.#options, log),
      log,
    }
  }
}

/** The states objects pass through, and whether a genuine Knative passed through them in that order. */
import type {Condition} from '../../src/api/conditions.ts'
import type {KubeObject, WatchEvent} from '../../src/api/meta/object.ts'
import {apiVersionOf, type ResourceType} from '../../src/api/meta/resource-type.ts'
import type {Client} from '../../src/client/client.ts'
import {GOLDEN_KINDS} from './golden-kinds.ts'
import {normaliseText} from './golden-normalise.ts'
import {goldenFiles, goldenText} from './golden-objects.ts'

/** A line of a recorded `timeline.jsonl`. */
interface RecordedEvent {
  readonly ev: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly api: string
  readonly kind: string
  readonly name: string
  readonly rv: number
  readonly del: string | null
  readonly conds: readonly Condition[]
}

/** A step no recorded object took, and why ours may. */
export interface AllowedStep {
  readonly step: RegExp
  readonly reason: string
}

/** States by object, each one once in a row. */
class States {
  readonly #byObject = new Map<string, string[]>()
  readonly #names = new Map<string, string>()
  readonly #ambiguous = new Set<string>()

  /** Objects that have a name of their own, once what is random in it is left out. */
  get byObject(): ReadonlyMap<string, string[]> {
    return new Map([...this.#byObject].filter(([object]) => !this.#ambiguous.has(object)))
  }

  add(kind: string, name: string, state: string): void {
    const object = `${kind} ${normaliseText(name)}`
    const known = this.#names.get(object) ?? name
    this.#names.set(object, known)
    if (known !== name) this.#ambiguous.add(object)
    const states = this.#byObject.get(object) ?? []
    if (states.at(-1) !== state) states.push(state)
    this.#byObject.set(object, states)
  }
}

/** Follows the objects of a namespace. Stop it before the cluster stops. */
export class StateLog {
  readonly #states = new States()
  readonly #stopping = new AbortController()

  /** Begins to follow; what is there already counts as the first state. */
  constructor(client: Client, namespace: string) {
    for (const type of Object.values(GOLDEN_KINDS)) {
      const options = {namespace, resourceVersion: '0', signal: this.#stopping.signal}
      if (type.kind !== 'Event') {
        void client.follow(type, options, (event) => this.#add(type, event))
      }
    }
  }

  stop(): void {
    this.#stopping.abort()
  }

  /**
   * Steps of our objects that no recorded object of their kind took, and ends that differ from those
   * of `timeline`, unless `allowed` matches. A state that we skip is no difference: controllers that
   * get in each other's way less often write less.
   */
  unexpected(timeline: string, allowed: readonly AllowedStep[] = []): string[] {
    const recorded = readTimeline(timeline)
    const known = recordedSteps()
    const problems = [...this.#states.byObject].flatMap(([object, states]) => {
      const steps = known.get(kindOf(object))
      if (steps === undefined) return []
      const [end, recordedEnd] = [states.at(-1), recorded.byObject.get(object)?.at(-1)]
      return [
        ...states
          .slice(1)
          .map((state, index) => formatStep(states[index] ?? '', state))
          .filter((step) => !steps.has(step)),
        ...(end === recordedEnd ? [] : [`ends as "${end}", not "${recordedEnd}"`]),
      ].map((problem) => `${object}: ${problem}`)
    })
    return problems.filter((problem) => !allowed.some(({step}) => step.test(problem)))
  }

  #add(type: ResourceType, {type: event, object}: WatchEvent<KubeObject>): boolean {
    if (event === 'ADDED' || event === 'MODIFIED' || event === 'DELETED') {
      const {metadata, status} = object as KubeObject & {status?: {conditions?: Condition[]}}
      const isTerminating = metadata.deletionTimestamp !== undefined
      this.#states.add(
        `${apiVersionOf(type)} ${type.kind}`,
        metadata.name,
        formatState(event, isTerminating, status?.conditions ?? []),
      )
    }
    return true
  }
}

let allSteps: Map<string, Set<string>> | undefined

/**
 * By kind, from which state to which state any recorded object came, with or without others in
 * between. Which of them an object shows depends on who is faster, also in the recordings.
 */
function recordedSteps(): Map<string, Set<string>> {
  if (allSteps !== undefined) return allSteps
  allSteps = new Map()
  for (const path of goldenFiles('timeline.jsonl')) {
    for (const [object, states] of readTimeline(path).byObject) {
      const kind = kindOf(object)
      const steps = allSteps.get(kind) ?? new Set()
      allSteps.set(kind, steps)
      for (const [index, state] of states.entries()) {
        for (const later of states.slice(index + 1)) steps.add(formatStep(state, later))
      }
    }
  }
  return allSteps
}

function formatStep(from: string, to: string): string {
  return `from "${from}" to "${to}"`
}

function readTimeline(path: string): States {
  const events = goldenText(path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedEvent)
    .toSorted((left, right) => left.rv - right.rv)
  const states = new States()
  for (const {api, kind, name, ev, del, conds} of events) {
    states.add(`${api} ${kind}`, name, formatState(ev, Boolean(del), conds))
  }
  return states
}

function formatState(
  event: string,
  isTerminating: boolean,
  conditions: readonly Condition[],
): string {
  if (event === 'DELETED') return 'deleted'
  const words = conditions
    .toSorted((left, right) => (left.type < right.type ? -1 : 1))
    .map(({type, status, reason}) => `${type}=${status}${reason ? `/${reason}` : ''}`)
  return [...(isTerminating ? ['terminating'] : []), ...words].join(' ') || 'no conditions'
}

function kindOf(object: string): string {
  return object.slice(0, object.lastIndexOf(' '))
}

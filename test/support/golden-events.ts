/** What controllers said about the objects of a namespace, against what the genuine ones said. */
import {type Event, EVENTS} from '../../src/api/core/v1.ts'
import type {Client} from '../../src/client/client.ts'
import type {Difference} from './golden-compare.ts'
import {normaliseText} from './golden-normalise.ts'
import {goldenFiles, goldenObjects} from './golden-objects.ts'

/** A stand-in played their parts in the recordings, and said nothing. */
const SILENT = new Set(['kubelet', 'default-scheduler'])

/** What a controller says whose cache is behind; none is here. */
const BEHIND = /(InternalError|FinalizerUpdateFailed) .*(has been modified|not found)/

/** Each event that only one side has. How often something was said is a matter of timing. */
export async function compareEvents(
  folder: string,
  client: Client,
  namespace: string,
): Promise<Difference[]> {
  if (!goldenFiles('event.yaml').includes(`${folder}/event.yaml`)) return []
  const recorded = describeAll(goldenObjects<Event>(folder, 'event'))
  const {items} = await client.list(EVENTS, {namespace})
  const ours = describeAll(items)
  const difference = (event: string, side: 'recorded' | 'here'): Difference => ({
    kind: 'event',
    name: event,
    path: '',
    recorded: side === 'recorded' ? 'said' : 'not said',
    here: side === 'here' ? 'said' : 'not said',
  })
  return [
    ...recorded
      .filter((event) => !ours.includes(event))
      .map((event) => difference(event, 'recorded')),
    ...ours.filter((event) => !recorded.includes(event)).map((event) => difference(event, 'here')),
  ]
}

function describeAll(events: readonly Event[]): string[] {
  const texts = events
    .filter(({source}) => !SILENT.has(source?.component ?? ''))
    .map(({source, type, reason, message = '', involvedObject: {kind, name = ''}}) =>
      normaliseText(`${source?.component} ${type} ${reason} ${kind}/${name}: ${message}`),
    )
    .filter((text) => !BEHIND.test(text))
  return [...new Set(texts)]
}

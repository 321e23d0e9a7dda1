import {numberAt, objectAt, stringAt, type JsonObject} from '../../../apiserver/json-value.ts'
import {column, nameColumn, type TableColumn} from '../../../apiserver/table/columns.ts'
import {ageSince} from '../../../../util/age.ts'

/** The table of core Events; it begins with what happened, not with the name. */
export const eventColumns: readonly TableColumn[] = [
  column('Last Seen', lastSeen),
  column('Type', (object) => stringAt(object, 'type')),
  column('Reason', (object) => stringAt(object, 'reason')),
  column('Object', (object) => {
    const involved = objectAt(object, 'involvedObject')
    const kind = stringAt(involved, 'kind').toLowerCase()
    const name = stringAt(involved, 'name')
    return name === '' ? kind : `${kind}/${name}`
  }),
  column('Subobject', (object) => stringAt(objectAt(object, 'involvedObject'), 'fieldPath'), {
    wide: true,
  }),
  column('Source', eventSource, {wide: true}),
  column('Message', (object) => stringAt(object, 'message').trim()),
  column('First Seen', firstSeen, {wide: true}),
  column('Count', eventCount, {type: 'integer', wide: true}),
  {...nameColumn, priority: 1},
]

function eventSource(event: JsonObject): string {
  const source = objectAt(event, 'source')
  const component = stringAt(source, 'component') || stringAt(event, 'reportingComponent')
  const host = stringAt(source, 'host') || stringAt(event, 'reportingInstance')
  return host === '' ? component : `${component}, ${host}`
}

function eventCount(event: JsonObject): number {
  return numberAt(objectAt(event, 'series'), 'count') ?? numberAt(event, 'count') ?? 1
}

function firstSeen(event: JsonObject, nowMs: number): string {
  const first = stringAt(event, 'firstTimestamp') || stringAt(event, 'eventTime')
  return ageSince(first, nowMs)
}

function lastSeen(event: JsonObject, nowMs: number): string {
  const series = stringAt(objectAt(event, 'series'), 'lastObservedTime')
  const last = series || stringAt(event, 'lastTimestamp')
  return last === '' ? firstSeen(event, nowMs) : ageSince(last, nowMs)
}

import type {KubeObject} from '../../../../api/meta/object.ts'
import type {JsonObject} from '../../../apiserver/json-value.ts'
import {conversion} from '../../../apiserver/registry/conversion.ts'
import type {KindDeclaration} from '../../../apiserver/registry/kind.ts'
import {selectable, textAt} from '../../../apiserver/registry/selectable-fields.ts'
import {eventColumns} from './columns.ts'
import {EventExpiry} from './expiry.ts'
import {validateEvent} from './validation.ts'

/** What is the same for Events of both groups. */
const shared = {
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  columns: eventColumns,
  strategy: {createsOnUpdate: true, validate: validateEvent},
} as const

/** Events, which are forgotten after a while. */
export const event: KindDeclaration = {
  ...shared,
  groupVersion: 'v1',
  selectableFields: [
    ...[
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'reportingComponent',
    ].map((path) => selectable(path)),
    ['source', sourceOf],
    selectable('type'),
  ],
  hooks({storage, clock}) {
    const expiry = new EventExpiry(storage, clock)
    return {
      restore: () => expiry.restore(),
      afterWrite: (object) => expiry.touch(object),
      afterDelete: (object) => expiry.forget(object),
    }
  },
}

function sourceOf(object: KubeObject): string {
  return textAt(object, ['source', 'component']) ?? textAt(object, ['reportingComponent']) ?? ''
}

/** Fields of an Event by their names in `events.k8s.io/v1` and in `v1`. */
const FIELDS: readonly (readonly [events: string, core: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]

/** The same Events under the names of their newer group. */
export const eventOfEvents: KindDeclaration = {
  ...shared,
  groupVersion: 'events.k8s.io/v1',
  stored: {
    groupVersion: 'v1',
    conversion: conversion(
      (object) =>
        renameFields(
          object,
          FIELDS.map(([events, core]) => [core, events]),
          'events.k8s.io/v1',
        ),
      (object) => renameFields(object, FIELDS, 'v1'),
    ),
  },
}

function renameFields(
  object: JsonObject,
  names: readonly (readonly [string, string])[],
  apiVersion: string,
): JsonObject {
  const byName = new Map(names)
  return {
    ...Object.fromEntries(
      Object.entries(object).map(([name, value]) => [byName.get(name) ?? name, value]),
    ),
    apiVersion,
  }
}

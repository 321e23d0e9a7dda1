/** What would be changed, as text. */
import type {KubeObject} from '../api/meta/object.ts'
import {apiVersionOf} from '../api/meta/resource-type.ts'
import {type Service, SERVICES} from '../api/serving/v1.ts'
import type {PlannedChange, PreviewMode} from '../operations/preview/preview.ts'
import {type ServiceEffects, serviceEffects} from '../operations/preview/service-effects.ts'
import {semanticEqual} from '../util/semantic-equal.ts'
import {unifiedDiff} from '../util/unified-diff.ts'
import {printYaml} from '../util/yaml/print-yaml.ts'
import {LAST_APPLIED_ANNOTATION} from '../api/meta/well-known.ts'

/** How a preview is shown. */
export interface PreviewStyle {
  readonly mode: PreviewMode
  readonly diff: boolean
  readonly colour: boolean
}

/**
 * What a preview found.
 *
 * @example
 *   Service 'web' in namespace 'default' would be updated (server dry run).
 *     New revision: web-00002
 *     Traffic:      web-00002 0% → 100%, web-00001 100% → 0% (once web-00002 is ready)
 */
export function renderPreview(changes: readonly PlannedChange[], style: PreviewStyle): string {
  if (changes.length === 0) return `Nothing would be changed (${style.mode} dry run).\n`
  return changes.map((change) => renderChange(change, style)).join('')
}

function renderChange(change: PlannedChange, style: PreviewStyle): string {
  const {before, after} = change
  const object = after ?? before
  if (object === undefined) return ''
  const {name, namespace} = object.metadata
  const place = namespace === undefined ? '' : ` in namespace '${namespace}'`
  const isSame = before !== undefined && after !== undefined && isEqual(before, after)
  const what = isSame
    ? 'would stay as it is'
    : `would be ${before === undefined ? 'created' : after === undefined ? 'deleted' : 'updated'}`
  const lines = [
    `${object.kind} '${name}'${place} ${what} (${style.mode} dry run).\n`,
    ...(isService(object) && after !== undefined
      ? renderEffects(serviceEffects(before as Service | undefined, after as unknown as Service))
      : []),
  ]
  return lines.join('') + (style.diff && !isSame ? renderDiff(change, style.colour) : '')
}

function isService({apiVersion, kind}: KubeObject): boolean {
  return apiVersion === apiVersionOf(SERVICES) && kind === SERVICES.kind
}

function renderEffects({newRevision, moves, tagsAdded, tagsRemoved}: ServiceEffects): string[] {
  const shares = moves.map(
    ({revision, from, to}) => `${revision || 'the new one'} ${from}% → ${to}%`,
  )
  const gains = moves.some(({revision, to}) => revision === newRevision && to > 0)
  const when = gains && newRevision !== undefined ? ` (once ${newRevision || 'it'} is ready)` : ''
  const traffic = shares.length === 0 ? 'stays as it is' : `${shares.join(', ')}${when}`
  const tags = [
    ...tagsAdded.map(({tag, revision}) => `${tag} → ${revision || 'the new revision'}`),
    ...tagsRemoved.map((tag) => `${tag} goes away`),
  ]
  return [
    `  New revision: ${newRevision === undefined ? 'none' : newRevision || 'one that the server names'}\n`,
    `  Traffic:      ${traffic}\n`,
    ...(tags.length === 0 ? [] : [`  Tags:         ${tags.join(', ')}\n`]),
  ]
}

const RED = '\u{1b}[31m'
const GREEN = '\u{1b}[32m'
const CYAN = '\u{1b}[36m'
const PLAIN = '\u{1b}[0m'

/** The change as a unified diff of YAML, without what the server keeps for itself. */
function renderDiff({before, after}: PlannedChange, colour: boolean): string {
  const object = after ?? before
  const path = object === undefined ? '' : `${object.kind.toLowerCase()}/${object.metadata.name}`
  const text = (side: KubeObject | undefined, other: KubeObject | undefined, what: string) =>
    side === undefined ? '' : printYaml(withoutSecrets(essential(side), other, what))
  const diff = [
    `--- ${before === undefined ? '/dev/null' : `${path} (as it is)`}\n`,
    `+++ ${after === undefined ? '/dev/null' : `${path} (as it would be)`}\n`,
    unifiedDiff(text(before, after, 'as it is'), text(after, before, 'as it would be')),
  ].join('')
  return colour ? colourDiff(diff) : diff
}

function colourDiff(diff: string): string {
  return diff.replaceAll(/^([-+@]).*$/gm, (line, mark: string) => {
    const start = mark === '@' ? CYAN : mark === '+' ? GREEN : RED
    return `${start}${line}${PLAIN}`
  })
}

/** An object without secret values: they only show, by `what`, that the other side's is another. */
function withoutSecrets(object: KubeObject, other: KubeObject | undefined, what: string): object {
  if (object.kind !== 'Secret') return object
  const {data = {}, stringData: _given, ...rest} = object as SecretFields & KubeObject
  const {data: known = {}} = (other ?? {}) as SecretFields
  const masked = Object.entries(data).map(([key, value]) => [
    key,
    key in known && known[key] !== value ? `*** (${what})` : '***',
  ])
  return {...rest, data: Object.fromEntries(masked)}
}

interface SecretFields {
  data?: Record<string, string>
  stringData?: unknown
}

function isEqual(before: KubeObject, after: KubeObject): boolean {
  return semanticEqual(essential(before), essential(after))
}

/** What a person has a say in. */
function essential(object: KubeObject & {status?: unknown}): KubeObject {
  const {status: _status, metadata, ...rest} = object
  const {
    managedFields: _1,
    resourceVersion: _2,
    generation: _3,
    uid: _4,
    creationTimestamp: _5,
    annotations,
    ...kept
  } = metadata
  // A copy of the rest, in one long line.
  const {[LAST_APPLIED_ANNOTATION]: _6, ...others} = annotations ?? {}
  return {
    ...rest,
    metadata: {...kept, ...(Object.keys(others).length > 0 && {annotations: others})},
  }
}

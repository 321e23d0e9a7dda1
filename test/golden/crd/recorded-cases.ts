/** The recorded writes of `f-invalid`, as requests, and the answers as kubectl printed them. */
import {readYaml} from '../../../src/util/yaml/read-yaml.ts'
import type {KubeObject, Status} from '../../../src/api/meta/object.ts'
import {threeWayMergePatch} from '../../../src/operations/service/three-way-merge.ts'
import {goldenText} from '../../support/golden-objects.ts'
import {withoutChanges} from '../../support/golden-refusal.ts'
import {RECORDINGS} from '../../support/requirements.ts'

/** One recorded run of kubectl. */
export interface RecordedCase {
  readonly case: string
  readonly verb?: 'create' | 'apply'
  readonly input?: string
  readonly cmd?: string
  readonly rc: number
  readonly stdout: string
  readonly stderr: string
}

/** All recorded runs; none where there are no recordings. */
export const RECORDED_CASES: readonly RecordedCase[] = RECORDINGS.isMet()
  ? goldenText('f-invalid/cases.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordedCase)
  : []

/** What a run asked of the API server. */
export type Action =
  | {readonly kind: 'create'; readonly object: KubeObject}
  | {readonly kind: 'apply'; readonly object: KubeObject}
  | {
      readonly kind: 'patch'
      readonly resource: string
      readonly name: string
      readonly body: object
    }
  | {readonly kind: 'get' | 'delete'; readonly resource: string; readonly name: string}

/** The action of a recorded run. */
export function actionOf(recorded: RecordedCase): Action {
  const {verb, input = '', cmd = ''} = recorded
  if (verb === undefined) return actionOfCommand(cmd)
  // kubectl reads YAML 1.1, in which a bare y is true.
  const object = readYaml(input) as KubeObject
  return {kind: verb, object: {...object, metadata: {...object.metadata, namespace: 'f-invalid'}}}
}

function actionOfCommand(command: string): Action {
  const words = /^kubectl -n \S+ (\w+) (\w+) (\S+) ?(.*)$/s.exec(command)
  const [, verb = '', resource = '', name = '', rest = ''] = words ?? []
  if (verb === 'get' || verb === 'delete') return {kind: verb, resource, name}
  return {kind: 'patch', resource, name, body: patchOf(verb, rest)}
}

function patchOf(verb: string, rest: string): object {
  if (verb === 'patch') return JSON.parse(/-p '(.*)'/.exec(rest)?.[1] ?? '') as object
  const [, key = '', sign = '', value = ''] = /^(\S+?)([=-])(\S*)/.exec(rest) ?? []
  const change = {[key]: sign === '-' ? null : value}
  return {metadata: verb === 'label' ? {labels: change} : {annotations: change}}
}

/** The patch of `kubectl apply` on an object that was created by other means. */
export function applyPatch(wanted: KubeObject, current: KubeObject): object {
  return threeWayMergePatch({}, wanted, current)
}

/** What kubectl prints of a refusal, without what it was about to do and the changes it lists. */
export function printRefusal(status: Status): string {
  const text = describeRefusal(status)
  return withoutChanges(text.endsWith('\n') ? text : `${text}\n`)
}

function describeRefusal({reason, message = '', details}: Status): string {
  if (reason !== 'Invalid' || details === undefined) {
    return `Error from server (${reason}): ${message}`
  }
  const causes = details.causes?.map(({field, message: text}) => `${field}: ${text}`) ?? []
  const [only] = causes
  const what =
    causes.length === 1 ? ` ${only}` : `\n${causes.map((cause) => `* ${cause}`).join('\n')}`
  return `The ${details.kind} "${details.name}" is invalid:${what}`
}

/** What was printed, warnings apart; what kubectl was about to do and lists of changes are left out. */
export function recordedRefusal({stderr}: RecordedCase): string | undefined {
  const text = stderr.replaceAll(/^Warning: .*\n/gm, '')
  if (text === '') return undefined
  return withoutChanges(text)
    .replace(/error when creating "STDIN": /, '')
    .replace(/error when applying patch:.*error when patching "STDIN": /s, '')
}

/** What the API server warned of, kubectl's own remarks left out. */
export function recordedWarnings({stderr}: RecordedCase): string[] {
  return [...stderr.matchAll(/^Warning: (.*)$/gm)]
    .map((match) => match[1] ?? '')
    .filter((text) => !text.startsWith('resource '))
}

/** Tables and descriptions, equal to what the genuine kn printed for the same objects. */
import {describe, expect, test} from 'vitest'
import {readYaml} from '../../../src/util/yaml/read-yaml.ts'
import type {KubeList} from '../../../src/api/meta/object.ts'
import type {DomainMapping, Revision, Route, Service} from '../../../src/api/serving/v1.ts'
import {trafficOf} from '../../../src/operations/revision/list-revisions.ts'
import {describeRevision} from '../../../src/ui/describe/describe-revision.ts'
import {describeRoute} from '../../../src/ui/describe/describe-route.ts'
import {renderServiceDescription} from '../../../src/ui/describe/describe-service.ts'
import {type PrintableObject, printList, printObject} from '../../../src/ui/print-object.ts'
import {renderDomainTable, renderRevisionTable, renderServiceTable} from '../../../src/ui/tables.ts'
import {parseTranscript, readGolden} from '../../support/cli-transcript.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

const recorded = RECORDINGS.isMet() ? parseTranscript(readGolden('j-kn/transcript.txt')) : []

/** What kn printed for a command, the last time it was typed. */
function stdoutOf(command: string): string {
  const found = recorded.findLast((entry) => entry.command === `kn -n j-kn ${command}`)
  if (found === undefined) throw new Error(`not recorded: ${command}`)
  return found.stdout
}

const read = <T>(command: string): T => readYaml(stdoutOf(command)) as T

/** Ages are those of the recording; only their width and unit can be the same. */
function withoutAges(text: string): string {
  return text.replaceAll(/ *\b\d+[smhd](\d+[smhd])?\b/g, ' <age>')
}

const nowMs = Date.parse('2026-11-22T13:16:54Z')
const terse = {verbose: false, nowMs}
const verbose = {verbose: true, nowMs}

describe('output equal to that of kn', needs(RECORDINGS), () => {
  const services = RECORDINGS.isMet()
    ? read<KubeList<Service>>('service list -o yaml')
    : {items: []}
  const revisions = RECORDINGS.isMet()
    ? read<KubeList<Revision>>('revision list -o yaml')
    : {items: []}
  const find = <T extends {metadata: {name: string}}>(items: T[], name: string): T => {
    const item = items.find(({metadata}) => metadata.name === name)
    if (item === undefined) throw new Error(`not recorded: ${name}`)
    return item
  }

  test('lists services', () => {
    const typedMs = Date.parse('2026-11-22T13:16:48Z')
    const printed = renderServiceTable(services.items, {nowMs: typedMs, withHeaders: false})
    expect(printed).toBe(stdoutOf('service list --no-headers'))
  })

  test('lists one service', () => {
    const hello = [find(services.items, 'hello')]
    const printed = renderServiceTable(hello, {nowMs})
    expect(withoutAges(printed)).toBe(withoutAges(stdoutOf('service list hello')))
  })

  test('lists revisions with the traffic of their service', () => {
    const route = read<Route>('route describe hello -o yaml')
    const hello = {...find(services.items, 'hello'), status: route.status} as Service
    const rows = revisions.items.map((revision) => {
      const service = revision.metadata.labels?.['serving.knative.dev/service']
      const traffic = service === 'hello' ? hello : undefined
      const all = {percent: service === 'broken' ? 0 : 100, tags: []}
      return {
        revision,
        service,
        ...(traffic === undefined ? all : trafficOf(revision.metadata.name, traffic)),
      }
    })
    const printed = renderRevisionTable(rows, {nowMs: Date.parse('2026-11-22T13:16:53Z')})
    expect(printed).toBe(stdoutOf('revision list'))
  })

  test.each(['hello-00001', 'scaled-00001', 'broken-00001'])('describes revision %s', (name) => {
    const printed = describeRevision(find(revisions.items, name), undefined, terse)
    expect(withoutAges(printed)).toBe(withoutAges(stdoutOf(`revision describe ${name}`)))
  })

  test('describes a revision with everything', () => {
    const revision = find(revisions.items, 'hello-00003')
    const service = find(services.items, 'hello')
    const printed = describeRevision(revision, service, verbose)
    expect(withoutAges(printed)).toBe(
      withoutAges(stdoutOf('revision describe hello-00003 --verbose')),
    )
  })

  test.each([
    ['hello', terse, ''],
    ['hello', verbose, ' --verbose'],
  ])('describes route %s', (name, options, flags) => {
    const printed = describeRoute(read<Route>(`route describe ${name} -o yaml`), options)
    expect(withoutAges(printed)).toBe(withoutAges(stdoutOf(`route describe ${name}${flags}`)))
  })

  test.each([
    ['scaled', 'scaled-00001', '', terse],
    ['scaled', 'scaled-00001', ' --verbose', verbose],
    ['broken', 'broken-00001', '', terse],
    ['broken', 'broken-00001', ' --verbose', verbose],
  ])('describes service %s', (name, revisionName, flags, options) => {
    const service = find(services.items, name)
    const summary = {
      revision: find(revisions.items, revisionName),
      generation: 1,
      percent: service.status?.traffic?.[0]?.percent ?? 0,
      tag: undefined,
      latestTarget: service.status?.traffic !== undefined,
      latestCreated: true,
      latestReady: service.status?.latestReadyRevisionName === revisionName,
    }
    const printed = renderServiceDescription({service, revisions: [summary]}, options)
    expect(withoutAges(printed)).toBe(withoutAges(stdoutOf(`service describe ${name}${flags}`)))
  })

  test.each(['1-without-claim', '2-with-claim'])('lists domain mappings %s', (folder) => {
    const path = `i-domainmapping/${folder}`
    const {items} = readYaml(readGolden(`${path}/domainmapping.yaml`)) as KubeList<DomainMapping>
    const [, printed = ''] = readGolden(`${path}/kn-list.txt`).split('$ kn domain list\n')
    expect(renderDomainTable(items, {nowMs}).trimEnd()).toBe(printed.trimEnd())
  })

  test('prints an object as JSON in the order of Go', () => {
    const printed = stdoutOf('service describe hello -o json')
    expect(printObject(JSON.parse(printed), 'json')).toBe(printed)
    const shuffled = read<PrintableObject>('service describe hello -o yaml')
    expect(printObject(shuffled, 'json')).toBe(printed)
  })

  test('prints a list as JSON in alphabetical order', () => {
    const printed = stdoutOf('service list -o json')
    expect(printList(JSON.parse(printed), 'json')).toBe(printed)
  })
})

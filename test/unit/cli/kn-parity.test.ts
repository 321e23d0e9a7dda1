/**
 * Invocations of the genuine kn, typed to kntool on an embedded cluster: same standard output, same
 * kind of exit status, same Services afterwards.
 */
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, relative} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {readYamlDocuments} from '../../../src/util/yaml/read-yaml.ts'
import {NAMESPACES} from '../../../src/api/core/v1.ts'
import type {KubeObject} from '../../../src/api/meta/object.ts'
import {REVISIONS, SERVICES} from '../../../src/api/serving/v1.ts'
import {applyObjects} from '../../../src/client/apply-objects.ts'
import {RestMapper} from '../../../src/client/rest-mapper.ts'
import type {EmbeddedCluster} from '../../../src/local/cluster.ts'
import {startCluster} from '../../../src/local/start-cluster.ts'
import {readGolden} from '../../support/cli-transcript.ts'
import {normalizeOutput, normalizeSpec} from '../../support/cli-normalize.ts'
import {runCommand} from '../../support/run-command.ts'
import {needs, RECORDINGS, skippedFor} from '../../support/requirements.ts'

interface ParityCase {
  readonly n: number
  readonly group: string
  readonly namespaces: readonly string[]
  readonly setup: readonly {apply?: string; ready?: string}[]
  readonly args: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly exit: number
  readonly stdout: string
  readonly settle?: boolean
  readonly unstable?: string
  /** Folders that are there before the group begins. */
  readonly mkdirs?: readonly string[]
  /** The file or folder whose content the command leaves behind is compared, and that content. */
  readonly read?: string
  readonly written?: Readonly<Record<string, string>>
  readonly ksvc: Readonly<Record<string, unknown>>
}

/** What differs on purpose, or is not there yet. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  120: 'comments in a file of variables are left out, not refused',
  149: 'labels of a profile are put on revisions too, where pods take them from',
  333: 'kn panics where files are updated with --lock-to-digest, which is the default',
  334: 'kn panics where files are updated with --lock-to-digest, which is the default',
}

const CASES: ParityCase[] = RECORDINGS.isMet()
  ? readGolden('kn-parity.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ParityCase)
  : []
const GROUPS = Map.groupBy(CASES, ({group}) => group)

describe('kntool does what kn does', needs(RECORDINGS), () => {
  let cluster: EmbeddedCluster
  let folder: string

  for (const [group, cases] of GROUPS) {
    describe(`group ${group}`, () => {
      const [first] = cases
      const [namespace = ''] = first?.namespaces ?? []

      // One cluster for each group: services that fail in one would never let another come to rest.
      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), 'kntool-parity-'))
        for (const name of first?.mkdirs ?? []) mkdirSync(join(folder, name))
        cluster = await startCluster({
          listen: {apiPort: 0},
          domain: 'knative.example.com',
          handlers: {'ghcr.io/knative/helloworld-go*': () => new Response('Hello!')},
        })
        writeFileSync(join(folder, 'kubeconfig'), cluster.kubeconfig ?? '', {mode: 0o600})
        for (const name of first?.namespaces ?? []) {
          await cluster.client.create(NAMESPACES, {
            apiVersion: 'v1',
            kind: 'Namespace',
            metadata: {name},
          })
        }
        for (const step of first?.setup ?? []) {
          if (step.apply !== undefined) await apply(step.apply, namespace)
          await cluster.settled()
        }
      })

      afterAll(async () => {
        await cluster.stop()
        rmSync(folder, {recursive: true})
      })

      for (const recorded of cases) {
        const {n, args, unstable} = recorded
        const reason = EXCEPTIONS[n] ?? unstable
        test(`${n}: kn ${args.join(' ')}`, skippedFor(reason), async () => {
          for (const [name, text] of Object.entries(recorded.files ?? {})) {
            mkdirSync(folder, {recursive: true})
            writeFileSync(join(folder, name), text)
          }
          if (recorded.settle) await replicasKnown(namespace)
          const run = await runCommand([...args, '-n', namespace], {
            cwd: folder,
            env: {KUBECONFIG: join(folder, 'kubeconfig'), HOME: folder, XDG_CONFIG_HOME: folder},
            ...(recorded.stdin !== undefined && {stdin: recorded.stdin}),
          })
          expect({
            ok: run.exitCode === 0,
            stdout: normalizeOutput(run.stdout),
            services: normalizeSpec(await servicesNamed(namespace, args)),
            written: recorded.read && readFiles(folder, recorded.read),
          }).toEqual({
            ok: recorded.exit === 0,
            stdout: normalizeOutput(recorded.stdout),
            services: normalizeSpec(recorded.ksvc),
            written: normalizeSpec(recorded.written),
          })
        })
      }
    })
  }

  async function apply(text: string, namespace: string): Promise<void> {
    const objects = readYamlDocuments(text).map(({value}) => {
      const object = value as KubeObject
      const applied = {...object, metadata: {annotations: {}, ...object.metadata, namespace}}
      const annotation = {
        'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(sorted(applied))}\n`,
      }
      return {...object, metadata: {...object.metadata, namespace, annotations: annotation}}
    })
    const {client} = cluster
    const mapper = new RestMapper(client)
    await applyObjects(objects, {client, mapper, fieldManager: 'kubectl'})
  }

  // The recording waited until nothing changed any more: replicas are known after the autoscaler's
  // first decision, two seconds after a pod is there.
  async function replicasKnown(namespace: string): Promise<void> {
    await cluster.settled()
    const {items, metadata} = await cluster.client.list(REVISIONS, {namespace})
    const unknown = new Set(
      items
        .filter(({status}) => status?.desiredReplicas === undefined)
        .map((revision) => revision.metadata.name),
    )
    if (unknown.size === 0) return
    const stop = new AbortController()
    const {resourceVersion = ''} = metadata
    const options = {namespace, resourceVersion, signal: stop.signal}
    for await (const event of await cluster.client.watch(REVISIONS, options)) {
      if (event.type !== 'MODIFIED' || event.object.status?.desiredReplicas === undefined) continue
      unknown.delete(event.object.metadata.name)
      if (unknown.size === 0) break
    }
    stop.abort()
  }

  async function servicesNamed(
    namespace: string,
    names: readonly string[],
  ): Promise<Record<string, unknown>> {
    const {items} = await cluster.client.list(SERVICES, {namespace})
    const mentioned = items.filter(({metadata: {name}}) => names.includes(name))
    return Object.fromEntries(
      mentioned.map(({metadata: {name, labels, annotations}, spec}) => [
        name,
        {labels: labels ?? null, annotations, spec},
      ]),
    )
  }
})

/** What is in a file, or in the files of a folder, by their paths. */
function readFiles(folder: string, path: string): unknown {
  const found = path.includes('.')
    ? [path]
    : readdirSync(join(folder, path), {recursive: true, withFileTypes: true})
        .filter((file) => file.isFile())
        .map((file) => relative(folder, join(file.parentPath, file.name)))
  const texts = found.map((file) => [file, readFileSync(join(folder, file), 'utf8')])
  return normalizeSpec(Object.fromEntries(texts))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item)]))
}

import type {ApiResponse} from '../../../api/transport.ts'
import {text} from '../discovery/plain-text.ts'
import type {ServerContext} from '../request-context.ts'

type Labels = Readonly<Record<string, string>>

interface Sample {
  readonly labels?: Labels
  readonly value: number
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * What this server counts, in the text format of Prometheus: under the names kube-apiserver has for
 * the same things, and nothing that is not counted.
 */
export function metrics(server: ServerContext): ApiResponse {
  const families = [
    family('apiserver_request_total', 'counter', 'Answered requests.', requestSamples(server)),
    family('apiserver_storage_objects', 'gauge', 'Stored objects.', objectSamples(server)),
    family('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', [
      {value: process.memoryUsage.rss()},
    ]),
    family('process_cpu_seconds_total', 'counter', 'User and system CPU time spent in seconds.', [
      {value: cpuSeconds()},
    ]),
    family('process_start_time_seconds', 'gauge', 'Start time of the process since 1970.', [
      {value: Math.round(performance.timeOrigin) / 1000},
    ]),
  ]
  const answer = text(200, families.join(''))
  return {...answer, headers: {...answer.headers, 'content-type': CONTENT_TYPE}}
}

function requestSamples({requests}: ServerContext): Sample[] {
  return [...requests.all()].map(({type, verb, subresource, code, count}) => ({
    labels: {
      code: String(code),
      group: type.group,
      resource: type.plural,
      subresource,
      verb,
      version: type.version,
    },
    value: count,
  }))
}

function objectSamples({registry, storage}: ServerContext): Sample[] {
  const prefixes = new Map<string, string>()
  for (const {type, storagePrefix, verbs} of registry.all()) {
    const name = type.group === '' ? type.plural : `${type.plural}.${type.group}`
    if (verbs.includes('list')) prefixes.set(storagePrefix, prefixes.get(storagePrefix) ?? name)
  }
  return [...prefixes].map(([prefix, resource]) => ({
    labels: {resource},
    value: storage.list(prefix).items.length,
  }))
}

function cpuSeconds(): number {
  const {user, system} = process.cpuUsage()
  return (user + system) / 1_000_000
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(({labels = {}, value}) => `${name}${formatLabels(labels)} ${value}`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** What `local` commands say. */
import type {RunningRecord} from '../local/data-dir.ts'
import type {LocalStatus} from '../operations/local/local-status.ts'
import type {Restored} from '../operations/local/restore-local-cluster.ts'
import {shortAgeSince} from './age.ts'
import {DescribeWriter} from './describe/describe-writer.ts'

/**
 * Where a cluster that just started can be reached, and what to type first.
 *
 * @example
 *   The local cluster is ready.
 *
 *   Gateway:     http://127.0.0.1:8080, https://127.0.0.1:8443
 *   API:         https://127.0.0.1:40713
 *
 *   export KUBECONFIG=/home/me/.local/share/kntool/clusters/default/kubeconfig
 *
 *   Try:  kntool service create hello --image ghcr.io/knative/helloworld-go
 */
export function renderWelcome(record: RunningRecord, {detached}: {detached: boolean}): string {
  const writer = new DescribeWriter()
  writer.line('The local cluster is ready.')
  writer.blank()
  writer.attribute('Gateway', gatewaysOf(record))
  if (record.gatewayHttpsUrl === undefined) {
    writer.attribute('HTTPS', 'off: port 8443 is in use, see --gateway-https-port')
  }
  writer.attribute('API', record.apiUrl)
  writer.blank()
  writer.line(`export KUBECONFIG=${shellQuote(record.kubeconfig)}`)
  writer.blank()
  writer.attribute('Try', 'kntool service create hello --image ghcr.io/knative/helloworld-go')
  writer.attribute('Stop', detached ? 'kntool local down' : 'Ctrl-C')
  return writer.toString()
}

/** The state of a cluster as text. */
export function renderLocalStatus(status: LocalStatus, nowMs: number): string {
  const writer = new DescribeWriter()
  writer.attribute('Name', status.name)
  writer.attribute('State', status.state)
  if (status.state === 'running') writer.attribute('Process', String(status.pid))
  if (status.problem !== undefined) writer.attribute('Problem', status.problem)
  else if (status.state === 'running') {
    writer.attribute('Age', shortAgeSince(status.startedAt, nowMs))
    writer.attribute('Gateway', gatewaysOf(status))
    writer.attribute('API', status.apiUrl ?? '')
    writer.attribute('Kubeconfig', status.kubeconfig ?? '')
  }
  writer.attribute('Data', status.dataDir)
  return writer.toString()
}

/** What a cluster goes on from after it was restored. */
export function renderRestored({backup, revision, objects, kept}: Restored): string {
  const source = backup === undefined ? 'what could be read' : `the copy of ${backup}`
  const lines = [
    `The local cluster goes on from ${source}: ${objects} objects, up to write ${revision}.`,
    ...(kept === undefined ? [] : [`The files that were there before: ${kept}`]),
  ]
  return `${lines.join('\n')}\n`
}

function gatewaysOf({gatewayUrl, gatewayHttpsUrl}: Partial<RunningRecord>): string {
  return [gatewayUrl, gatewayHttpsUrl].filter((url) => url !== undefined).join(', ')
}

/** A word as a POSIX shell reads it back. */
export function shellQuote(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

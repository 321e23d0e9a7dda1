import type {InstallStatus} from '../../operations/install/status.ts'
import {DescribeWriter} from '../describe/describe-writer.ts'

const STATES: Readonly<Record<InstallStatus['state'], string>> = {
  absent: 'not installed',
  found: 'installed, not by kntool',
  installing: 'the installation is not finished',
  installed: 'installed',
  upgrading: 'the upgrade is not finished',
  uninstalling: 'the uninstallation is not finished',
}

const NEXT: Readonly<Partial<Record<InstallStatus['state'], string>>> = {
  absent: 'kntool install --domain DOMAIN',
  installing: 'kntool install --domain DOMAIN, as before: it goes on where it stopped',
  upgrading: 'kntool upgrade, as before: it goes on where it stopped',
  uninstalling: 'kntool uninstall, as before: it goes on where it stopped',
}

const SIGNS = {done: '✓', open: '✗', skipped: '-', unknown: '?'} as const

/**
 * The status of an installation.
 *
 * @example
 *   Cluster:        context "prod"
 *   State:          installed
 *   Knative:        1.13.1
 *   Istio:          1.20.3
 *   Domains:        knative.example.com
 *   Load balancer:  nlb, internet-facing, istio-ingressgateway-0123456789abcdef.elb.eu-central-1.amazonaws.com
 *   DNS:            external-dns, *.knative.example.com
 *
 *   ✓ Kinds of Knative Serving
 *   ✗ Knative Serving: …
 */
export function renderInstallStatus(status: InstallStatus): string {
  const {state, loadBalancer, dns, domains, finishedAt} = status
  const writer = new DescribeWriter()
  const add = (label: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') writer.attribute(label, value)
  }
  add('Cluster', status.cluster)
  add('State', STATES[state])
  add('Knative', status.knativeVersion)
  add('Istio', status.istioVersion)
  add('Finished', finishedAt)
  add('Domains', domains.join(', '))
  add('Load balancer', present(loadBalancer?.kind, loadBalancer?.scheme, loadBalancer?.address))
  add('DNS', present(dns?.mode, ...(dns?.names ?? [])))
  add('Next', NEXT[state])
  writer.flush()
  const steps = status.steps.map(
    ({title, state: stepState, message}) =>
      `${SIGNS[stepState]} ${title}${stepState === 'done' || message === undefined ? '' : `: ${message}`}\n`,
  )
  return `${writer.toString()}\n${steps.join('')}`
}

function present(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ')
}

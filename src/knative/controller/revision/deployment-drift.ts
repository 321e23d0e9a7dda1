/**
 * Whether a stored Deployment is still what its revision wants.
 *
 * Differs from upstream, which compares with what it would create, finds the server's defaults
 * different every time, and sends an update that changes nothing: we know those defaults and save
 * the request. A default that is not known here costs that request again, nothing else.
 */
import {isJsonObject} from '../../../util/json.ts'
import type {Deployment} from '../../../api/apps/v1.ts'
import {canonicalQuantity} from '../../../util/quantity.ts'
import {semanticEqual} from '../../../util/semantic-equal.ts'

/** Fields the server fills in, with the values it gives; undefined: whatever it gives. */
const SERVER_DEFAULTS: Readonly<Record<string, unknown>> = {
  apiVersion: 'v1',
  defaultMode: 0o644,
  dnsPolicy: 'ClusterFirst',
  failureThreshold: 3,
  imagePullPolicy: undefined,
  maxSurge: '25%',
  path: '/',
  periodSeconds: 10,
  protocol: 'TCP',
  requests: undefined,
  restartPolicy: 'Always',
  revisionHistoryLimit: 10,
  schedulerName: 'default-scheduler',
  scheme: 'HTTP',
  service: '',
  serviceAccount: undefined,
  serviceAccountName: undefined,
  successThreshold: 1,
  terminationGracePeriodSeconds: 30,
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  timeoutSeconds: 1,
}

/** Whether `have` lacks something of `wanted`, or carries something that the server does not add. */
export function deploymentDrifted(wanted: Deployment['spec'], have: Deployment['spec']): boolean {
  return drifted(wanted, have, '')
}

function drifted(wanted: unknown, have: unknown, field: string): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(have)) return wanted.length > 0
    if (wanted.length !== have.length) return true
    return wanted.some((item, index) => drifted(item, have[index], field))
  }
  if (!isJsonObject(wanted) || !isJsonObject(have)) return !semanticEqual(wanted, have)
  if (field === 'limits' || field === 'requests') return !sameAmounts(wanted, have)
  if (Object.keys(wanted).some((key) => drifted(wanted[key], have[key], key))) return true
  // Webhooks of a mesh label pods; taking that away would bring it back at once.
  if (field === 'labels' || field === 'annotations') return false
  return Object.keys(have).some((key) => !(key in wanted) && !isServerDefault(key, have[key]))
}

/** `1000m` is `1`: the server writes amounts in its own way. */
function sameAmounts(wanted: Record<string, unknown>, have: Record<string, unknown>): boolean {
  const canonical = (amounts: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(String(amount))]),
    )
  return semanticEqual(canonical(wanted), canonical(have))
}

function isServerDefault(key: string, value: unknown): boolean {
  if (semanticEqual(value, undefined)) return true
  return key in SERVER_DEFAULTS && (SERVER_DEFAULTS[key] ?? value) === value
}

/** What has to be there for a check to mean anything. */
import {SYSTEM_NAMESPACE} from '../api/config/system-namespace.ts'
import {findExternalDns} from '../aws/external-dns/configuration.ts'
import {KntoolError} from '../errors/kntool-error.ts'
import {gatewayAddress} from '../install/gateway/find-gateway.ts'
import {defaultDomain} from '../install/settings.ts'
import type {Patient} from './patient.ts'
import {readZone} from './read-zone.ts'

/** Something a check depends on. */
export type Need =
  /** A cluster that others run: the embedded one has no load balancer, no webhooks, no DNS. */
  | 'real-cluster'
  /** The components run: in an embedded cluster only as long as its process. */
  | 'running'
  /** Knative Serving is there. */
  | 'knative'
  /** The gateway has a Service. */
  | 'gateway'
  /** The Service of the gateway has an address. */
  | 'address'
  /** The load balancer is one of AWS. */
  | 'nlb'
  /** AWS is asked at all. */
  | 'aws'
  /** The record is made by somebody: ExternalDNS or kntool. */
  | 'record'
  | 'external-dns'
  | 'domain'
  /** A hosted zone holds the domain: what is wrong without one, its own check says. */
  | 'zone'

type Missing = (patient: Patient) => Promise<string | undefined> | string | undefined

const MISSING: Readonly<Record<Need, Missing>> = {
  'real-cluster': ({cluster}) => (cluster.embedded ? 'not on the embedded cluster' : undefined),
  running: ({isRunning}) =>
    isRunning ? undefined : 'the embedded cluster runs only while a command does: kntool local up',
  knative: async ({readings}) => {
    const namespaces = await readings.namespaces()
    return namespaces.some(({metadata}) => metadata.name === SYSTEM_NAMESPACE)
      ? undefined
      : 'Knative is not installed'
  },
  gateway: async ({readings}) =>
    (await readings.gateway()) === undefined ? 'the gateway has no Service yet' : undefined,
  address: async ({readings}) =>
    gatewayAddress(await readings.gateway()) === undefined
      ? 'the gateway has no address yet'
      : undefined,
  nlb: ({settings}) =>
    settings.loadBalancer.kind === 'nlb' ? undefined : 'the gateway has no load balancer of AWS',
  aws: ({cluster, onAws}) => {
    if (cluster.embedded) return 'no AWS: this is the embedded cluster'
    return onAws ? undefined : 'no AWS: nothing tells that this cluster runs there'
  },
  record: ({settings}) =>
    settings.dns === 'none' ? 'the record is left to others (--dns none)' : undefined,
  'external-dns': async ({readings, settings}) => {
    if (settings.dns !== 'external-dns') return 'ExternalDNS is not to make the record'
    return findExternalDns(await readings.deployments()).length === 0
      ? 'there is no ExternalDNS in this cluster'
      : undefined
  },
  domain: ({settings}) =>
    defaultDomain(settings) === '' ? 'no domain is set for all services' : undefined,
  zone: async (patient) => {
    try {
      await readZone(patient)
      return undefined
    } catch (error) {
      const isAbsent = error instanceof KntoolError && error.code === 'KN_NOT_FOUND'
      if (isAbsent) return 'no hosted zone holds the domain'
      throw error
    }
  },
}

/** Why a check cannot be made, by the first of its needs that is not met. */
export async function missingNeed(
  needs: readonly Need[],
  patient: Patient,
): Promise<string | undefined> {
  for (const need of needs) {
    const reason = await MISSING[need](patient)
    if (reason !== undefined) return reason
  }
  return undefined
}

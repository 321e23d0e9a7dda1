import type {HostedZone} from '../aws/dns/zones.ts'
import {type DnsContext, requireZone} from '../install/dns/route53.ts'
import {defaultDomain} from '../install/settings.ts'
import type {Patient} from './patient.ts'

/** What the installer's own looks at records need, of a patient. */
export function dnsContext({readings, aws, settings}: Patient): DnsContext {
  return {client: readings.client, aws, settings}
}

/** The zone of the domain of all services. Throws `KN_NOT_FOUND` where there is none. */
export function readZone(patient: Patient): Promise<HostedZone> {
  const {readings, aws, settings} = patient
  return readings.once('zone', async () =>
    requireZone(await aws.hostedZones(), defaultDomain(settings), dnsContext(patient)),
  )
}

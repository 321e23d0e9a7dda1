/** Certificates of a Route's hosts. Counterpart of `tls` in `pkg/reconciler/route/route.go`. */
import {messageOf} from '../../../util/message-of.ts'
import {domainFor} from '../../../api/config/domain.ts'
import {isTrue} from '../../../api/condition-set.ts'
import {isNotFound} from '../../../api/meta/status-error.ts'
import {CLUSTER_DOMAIN} from '../../../api/networking/names.ts'
import {
  type IngressTLS,
  type KCertificate,
  KCERTIFICATES,
} from '../../../api/networking/v1alpha1.ts'
import {isReady, statusOf} from '../../../api/reconcile-status.ts'
import {ROUTE_LABEL} from '../../../api/serving/metadata-keys.ts'
import {
  EXTERNAL_TLS_NOT_ENABLED,
  NO_TLS_FOR_CLUSTER_LOCAL,
  type RouteLifecycle,
} from '../../../api/serving/route-lifecycle.ts'
import {type Route, ROUTES} from '../../../api/serving/v1.ts'
import type {Client} from '../../../client/client.ts'
import type {ReconcileContext} from '../../../controller/controller.ts'
import type {Lister} from '../../../controller/informer.ts'
import {
  CertificateNotOwnedError,
  challengesOf,
  ensureCertificate,
  type Http01Challenge,
  makeCertificate,
  makeIngressTls,
  NO_TLS,
  type TlsSettings,
  WILDCARD_DOMAIN_LABEL,
} from '../certificates.ts'
import {wantsExternalTls} from '../ingress-options.ts'
import {DEFAULT_TARGET, hostFor, type RouteConfig} from './domains.ts'
import type {Traffic} from './traffic.ts'
import type {Visibilities} from './visibility.ts'

/** Index of Certificates by the Route that they are labelled with. */
export const CERTIFICATES_BY_ROUTE = 'route'
/** Index of Certificates for whole domains, by namespace and domain. */
export const WILDCARDS_BY_DOMAIN = 'wildcard'

/** The values of {@link CERTIFICATES_BY_ROUTE}. */
export function routeOfCertificate({metadata}: KCertificate): string[] {
  const route = metadata.labels?.[ROUTE_LABEL]
  return route === undefined ? [] : [`${metadata.namespace ?? ''}/${route}`]
}

/** The values of {@link WILDCARDS_BY_DOMAIN}. */
export function wildcardDomainOf({metadata}: KCertificate): string[] {
  const domain = metadata.labels?.[WILDCARD_DOMAIN_LABEL]
  return domain === undefined ? [] : [`${metadata.namespace ?? ''}/${domain}`]
}

/** What one reconcile of a Route hands along. */
export interface TlsRun {
  readonly traffic: Traffic
  readonly visibilities: Visibilities
  readonly config: RouteConfig
  readonly conditions: RouteLifecycle
  readonly context: ReconcileContext
}

/** Keeps the Certificates of Routes. */
export class RouteCertificates {
  readonly #client: Client
  readonly #certificates: Lister<KCertificate>

  /** `certificates` must have the indexes of this file. */
  constructor(options: {client: Client; certificates: Lister<KCertificate>}) {
    this.#client = options.client
    this.#certificates = options.certificates
  }

  /**
   * One Certificate per host outside of the cluster, unless one for the whole domain is there. URLs in
   * the status say https once their certificate is ready, or where plain HTTP is switched off.
   */
  async reconcile(route: Route, run: TlsRun): Promise<TlsSettings> {
    const {config, conditions, traffic, visibilities} = run
    if (!wantsExternalTls(route.metadata.annotations, config.network)) {
      conditions.markTlsNotEnabled(EXTERNAL_TLS_NOT_ENABLED)
      return NO_TLS
    }
    const tags = new Map<string, string>()
    for (const tag of traffic.targets.keys()) {
      const visibility = visibilities.get(tag) ?? 'ExternalIP'
      tags.set(hostFor(route.metadata, tag, visibility, config), tag)
    }
    const tls: IngressTLS[] = []
    const challenges: Http01Challenge[] = []
    for (const host of [...tags.keys()].toSorted()) {
      if (host.endsWith(CLUSTER_DOMAIN)) {
        conditions.markTlsNotEnabled(NO_TLS_FOR_CLUSTER_LOCAL)
        tags.delete(host)
        continue
      }
      const certificate = await this.#certificateFor(route, host, tags.get(host) ?? '', run)
      const settings = applyCertificate(route, host, certificate, run)
      tls.push(...settings.tls)
      challenges.push(...settings.challenges)
    }
    await this.#deleteOrphans(route, tags, run.context)
    return {tls, challenges: challenges.toSorted((left, right) => (left.url < right.url ? -1 : 1))}
  }

  async #certificateFor(
    route: Route,
    host: string,
    tag: string,
    {config, conditions, context}: TlsRun,
  ): Promise<KCertificate> {
    const domain = domainFor(config.domain, route.metadata.labels)
    const key = `${route.metadata.namespace ?? ''}/${domain}`
    const wildcard = this.#certificates
      .byIndex(WILDCARDS_BY_DOMAIN, key)
      .find(({spec}) => spec.dnsNames.some((name) => parentOf(name) === parentOf(host)))
    if (wildcard !== undefined) return wildcard
    const suffix = tag === DEFAULT_TARGET ? '' : `-${adler32(tag)}`
    const name = `route-${route.metadata.uid ?? ''}${suffix}`
    const {network} = config
    const wanted = makeCertificate({
      owner: route,
      ownerType: ROUTES,
      label: ROUTE_LABEL,
      name,
      host,
      domain,
      network,
    })
    const access = {client: this.#client, certificates: this.#certificates}
    try {
      return await ensureCertificate(wanted, route, access, context)
    } catch (error) {
      if (error instanceof CertificateNotOwnedError) conditions.markCertificateNotOwned(name)
      else conditions.markCertificateProvisionFailed(name)
      throw error
    }
  }

  async #deleteOrphans(
    {metadata}: Route,
    hosts: ReadonlyMap<string, string>,
    {events}: ReconcileContext,
  ): Promise<void> {
    const key = `${metadata.namespace ?? ''}/${metadata.name}`
    for (const certificate of this.#certificates.byIndex(CERTIFICATES_BY_ROUTE, key)) {
      if (certificate.spec.dnsNames.some((name) => hosts.has(name))) continue
      const {namespace = '', name} = certificate.metadata
      try {
        await this.#client.delete(KCERTIFICATES, certificate.metadata)
        const message = `Deleted orphaned Knative Certificate ${namespace}/${name}`
        events.normal(certificate, 'Deleted', message)
      } catch (error) {
        if (isNotFound(error)) continue
        const why = messageOf(error)
        const message = `Failed to delete orphaned Knative Certificate ${namespace}/${name}: ${why}`
        events.normal(certificate, 'DeleteFailed', message)
      }
    }
  }
}

/**
 * Says in conditions and URLs what a certificate means for its host.
 *
 * | certificate | plain HTTP | URL   | condition                   |
 * | ----------- | ---------- | ----- | --------------------------- |
 * | ready       | any        | https | True                        |
 * | not ready   | enabled    | http  | True, `HTTPDowngrade`       |
 * | not ready   | else       | https | Unknown, `CertificateNotReady` |
 */
function applyCertificate(
  route: Route,
  host: string,
  certificate: KCertificate,
  {config, conditions}: TlsRun,
): TlsSettings {
  const ready = isReady(certificate)
  const downgrade = !ready && config.network.httpProtocol === 'enabled'
  setScheme(route, host, downgrade ? 'http' : 'https')
  if (ready) {
    conditions.markCertificateReady()
    const renewing = isTrue(certificate.status, 'Renewing')
    const hosts = certificate.spec.dnsNames.toSorted()
    return {
      tls: [makeIngressTls(certificate, hosts)],
      challenges: renewing ? challengesOf(certificate) : [],
    }
  }
  conditions.markCertificateNotReady(certificate)
  if (downgrade) conditions.markHttpDowngrade(certificate.metadata.name)
  return {tls: [], challenges: challengesOf(certificate)}
}

function setScheme(route: Route, host: string, scheme: 'http' | 'https'): void {
  const status = statusOf(route)
  const schemed = (url: string): string => {
    const at = url.indexOf('://')
    return url.slice(at + 3) === host ? `${scheme}://${host}` : url
  }
  if (status.url !== undefined) status.url = schemed(status.url)
  status.traffic = (status.traffic ?? []).map((target) =>
    target.url === undefined ? target : {...target, url: schemed(target.url)},
  )
}

function parentOf(host: string): string {
  return host.slice(host.indexOf('.') + 1)
}

/** The checksum of RFC 1950, as a decimal: short enough for a name beside a uid. */
export function adler32(text: string): number {
  let low = 1
  let high = 0
  for (const byte of new TextEncoder().encode(text)) {
    low = (low + byte) % 65_521
    high = (high + low) % 65_521
  }
  return high * 65_536 + low
}

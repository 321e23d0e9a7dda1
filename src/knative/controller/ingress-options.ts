/** What Routes and DomainMappings may say about their KIngress. */
import type {NetworkConfig} from '../../api/config/network.ts'
import {
  CERTIFICATE_CLASS_KEYS,
  DISABLE_TLS_KEYS,
  HTTP_PROTOCOL_KEYS,
  INGRESS_CLASS_KEYS,
} from '../../api/networking/names.ts'
import type {KIngress} from '../../api/networking/v1alpha1.ts'
import {findAnnotation} from '../../api/autoscaling/annotations.ts'
import {LAST_APPLIED_ANNOTATION} from '../../api/meta/well-known.ts'

type Annotations = Readonly<Record<string, string>> | undefined

/** Annotations that are not handed down to a KIngress: kubectl's, and spellings nobody reads there. */
export const UNWANTED_ANNOTATIONS: readonly string[] = [
  LAST_APPLIED_ANNOTATION,
  CERTIFICATE_CLASS_KEYS[1],
  INGRESS_CLASS_KEYS[1],
]

/** Which controller programs the KIngress. */
export function ingressClass(annotations: Annotations, network: NetworkConfig): string {
  const wish = findAnnotation(annotations, INGRESS_CLASS_KEYS)?.value ?? ''
  return wish === '' ? network.defaultIngressClass : wish
}

/** Which controller issues certificates. */
export function certificateClass(annotations: Annotations, network: NetworkConfig): string {
  const wish = findAnnotation(annotations, CERTIFICATE_CLASS_KEYS)?.value ?? ''
  return wish === '' ? network.defaultCertificateClass : wish
}

/**
 * What happens to plain HTTP; absent where it is switched off.
 *
 * @throws Error when the annotation is none of `enabled` and `redirected`.
 */
export function httpOption(
  annotations: Annotations,
  {httpProtocol}: NetworkConfig,
): Pick<KIngress['spec'], 'httpOption'> {
  const wish = (findAnnotation(annotations, HTTP_PROTOCOL_KEYS)?.value ?? '').toLowerCase()
  if (wish !== '' && wish !== 'enabled' && wish !== 'redirected') {
    throw new Error(`incorrect http-protocol annotation: ${wish}`)
  }
  const protocol = wish === '' ? httpProtocol : wish
  if (protocol === 'enabled') return {httpOption: 'Enabled'}
  return protocol === 'redirected' ? {httpOption: 'Redirected'} : {}
}

/** Whether hosts outside of the cluster get certificates, for all that these annotations say. */
export function wantsExternalTls(annotations: Annotations, network: NetworkConfig): boolean {
  if (!network.externalDomainTls) return false
  const wish = findAnnotation(annotations, DISABLE_TLS_KEYS)?.value
  return wish === undefined || !['1', 't', 'T', 'TRUE', 'true', 'True'].includes(wish)
}

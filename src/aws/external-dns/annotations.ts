/**
 * Where ExternalDNS looks for host names. Which prefix it reads depends on its version and on
 * `--annotation-prefix`; it ignores the other, so both are written.
 */
export const HOSTNAME_ANNOTATIONS = [
  'external-dns.alpha.kubernetes.io/hostname',
  'external-dns.kubernetes.io/hostname',
] as const

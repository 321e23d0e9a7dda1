/** What the host name of a load balancer tells. Only a hint: emulators name theirs otherwise. */

const NLB = /^(.+)-[0-9a-f]{16}\.elb\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/i
const CLASSIC = /^(internal-)?(.+)-\d+\.([a-z0-9-]+)\.elb\.amazonaws\.com(\.cn)?$/i

/** The name of the NLB with this host name; undefined if it does not look like one. */
export function nlbNameOf(hostname: string): string | undefined {
  return NLB.exec(hostname)?.[1]
}

/** Whether the host name looks like that of a classic load balancer. */
export function looksClassic(hostname: string): boolean {
  return CLASSIC.test(hostname)
}

/** The region a load balancer is in, by its host name. */
export function regionOf(hostname: string): string | undefined {
  return NLB.exec(hostname)?.[2] ?? CLASSIC.exec(hostname)?.[3]
}

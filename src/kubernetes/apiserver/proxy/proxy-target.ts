import type {Duplex} from 'node:stream'

/** The program behind an object. */
export interface ProxyTarget {
  readonly scheme: 'http' | 'https'
  /** Rejects with an Error in the kubelet's words when nobody listens. */
  connect(): Promise<Duplex>
}

import type {Duplex} from 'node:stream'

/** What an API server asks of the network of the cluster: connections to Services. */
export interface ServiceAccess {
  /**
   * Connects to a port of a Service. `in-process` means that parts of this program stand for the
   * Service, and that there is nothing to connect to.
   *
   * Rejects with an Error in the words of Go's network when the Service is not to be reached.
   */
  connect(namespace: string, name: string, port: number): Promise<Duplex | 'in-process'>
}

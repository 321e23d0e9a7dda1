/** Where a port of the container is reached from here. */
export interface ContainerAddress {
  readonly host: string
  readonly port: number
}

/** What the user asked for. */
export interface InstallSettings {
  /** The default domain of Services: `knative.example.com`. */
  readonly domain: string
  /** How long each step may wait for the cluster. */
  readonly stepTimeoutMs: number
}

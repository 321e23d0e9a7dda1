/** One entry of `status.conditions`. Knative leaves `severity` out for errors. */
export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  severity?: 'Info' | 'Warning'
  reason?: string
  message?: string
  lastTransitionTime?: string
}

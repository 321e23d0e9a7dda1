import type {ConfigSnapshot} from '../../../api/config/config-store.ts'

/** What the Deployment of a revision depends on besides the revision. */
export type RevisionConfig = Pick<
  ConfigSnapshot,
  | 'autoscaler'
  | 'defaults'
  | 'deployment'
  | 'features'
  | 'logging'
  | 'network'
  | 'observability'
  | 'tracing'
>

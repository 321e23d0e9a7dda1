import type {KubeObject} from './meta/object.ts'
import type {ResourceType} from './meta/resource-type.ts'
import {StatusError} from './meta/status-error.ts'

/** Who sent a request. Counterpart of Kubernetes `authentication.k8s.io` UserInfo. */
export interface UserInfo {
  readonly username: string
  readonly groups: readonly string[]
  readonly uid?: string
  /** What else is known of it, by name. */
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** A write on its way to storage. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly type: ResourceType
  readonly subresource?: string
  readonly namespace?: string
  readonly name: string
  /** A private copy: `mutate` may change it in place. Absent on DELETE. */
  readonly object?: KubeObject
  /** What is stored now; frozen. Absent on CREATE. */
  readonly oldObject?: KubeObject
  readonly user: UserInfo
  readonly dryRun: boolean
}

/** What a plugin adds to an admitted request. */
export interface AdmissionResponse {
  readonly warnings?: readonly string[]
}

/** A refusal that comes with warnings: people read both. Counterpart of a webhook that denies and warns. */
export class RefusalWithWarnings extends StatusError {
  readonly warnings: readonly string[]

  constructor(refusal: StatusError, warnings: readonly string[]) {
    super(refusal.status)
    this.warnings = warnings
  }
}

/**
 * Looks at every write before it is stored, in process, in the place of a webhook.
 *
 * All `mutate` run first, in the order of the plugins, then all `validate`. A plugin refuses by
 * throwing a StatusError; the text is what the user reads.
 */
export interface AdmissionPlugin {
  readonly name: string
  /** Cheap filter: whether the plugin cares for this write at all. */
  handles(request: AdmissionRequest): boolean
  mutate?(request: AdmissionRequest): AdmissionResponse | void | Promise<AdmissionResponse | void>
  validate?(request: AdmissionRequest): AdmissionResponse | void | Promise<AdmissionResponse | void>
}

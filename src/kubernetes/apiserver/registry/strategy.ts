import type {KubeObject} from '../../../api/meta/object.ts'
import type {Clock} from '../../../util/clock.ts'
import type {Storage} from '../../storage/storage.ts'
import type {JsonObject} from '../json-value.ts'
import type {FieldError} from '../validation/field-error.ts'

/** What a strategy may use beyond the objects themselves. */
export interface StrategyContext {
  readonly clock: Clock
  readonly storage: Storage
  readonly dryRun: boolean
}

/**
 * What is particular about one kind when it is written. Objects handed in are private copies, old
 * ones are frozen. Counterpart of k8s.io/apiserver `rest.RESTCreateStrategy` and its siblings.
 */
export interface Strategy {
  /** Whether `status` is written through its own subresource only. */
  readonly hasStatus: boolean
  /** Whether a new object keeps the status it comes with. */
  readonly createsWithStatus: boolean
  /** Whether `prepareForUpdate` writes the status itself. */
  readonly keepsOwnStatus: boolean
  /**
   * The fields of the metadata that a write of the status leaves as they are; all, if undefined.
   * `deletionTimestamp` is one of them always, and is named where managed fields know it.
   */
  readonly metadataKeptByStatus: readonly string[] | undefined
  /** Whether metadata.generation counts the changes of the desired state. */
  readonly hasGeneration: boolean
  /** Whether a PUT without a resourceVersion replaces whatever is there. */
  readonly allowsUnconditionalUpdate: boolean
  /** Whether a PUT creates an object that is not there. */
  readonly createsOnUpdate: boolean
  /** Whether deleting answers with the object instead of a Status. */
  readonly returnsDeletedObject: boolean
  /** What happens to dependents when the client does not say. */
  readonly defaultPropagation: 'Background' | 'Orphan'
  /** A warning that goes with every answer about the kind. */
  readonly deprecation?: string
  /** What names must look like. */
  readonly validateName: (name: string, isPrefix: boolean) => string[]
  /** Fills in defaults of the kind, in place, on create, update and dry-run. */
  readonly applyDefaults: (object: JsonObject) => void
  readonly prepareForCreate: (object: JsonObject, context: StrategyContext) => void
  readonly prepareForUpdate: (object: JsonObject, old: KubeObject, context: StrategyContext) => void
  readonly validate: (object: JsonObject, context: StrategyContext) => FieldError[]
  /** What is wrong with a new object besides. */
  readonly validateCreate: (object: JsonObject) => FieldError[]
  readonly validateUpdate: (
    object: JsonObject,
    old: KubeObject,
    context: StrategyContext,
  ) => FieldError[]
  /** What is wrong with a status write. */
  readonly validateStatusUpdate: (object: JsonObject, old: KubeObject) => FieldError[]
  /** Things a user should know about an accepted object. */
  readonly warnings: (object: JsonObject) => string[]
  /** Seconds of grace for a delete; undefined for kinds that are deleted at once. */
  readonly gracePeriodSeconds?: (object: KubeObject, wanted: number | undefined) => number
  /** Finalizers of the server's own that an object gets when it is deleted. */
  readonly deletionFinalizers?: readonly string[]
  /** Whether something of its own keeps a deleted object when its finalizers are gone. */
  readonly isHeld: (object: KubeObject) => boolean
  /** Notes in the object, in place, that it is being deleted; `old` is as it was before. */
  readonly markDeleted?: (object: JsonObject, old: KubeObject, nowMs: number) => void
}

import type {ConfigSnapshot} from '../config/config-store.ts'
import type {ObjectMeta} from '../meta/object.ts'

/** What defaulting and validation look at besides the object. */
export interface AdmissionContext {
  readonly configs: Pick<ConfigSnapshot, 'autoscaler' | 'defaults' | 'features'>
  readonly operation: 'CREATE' | 'UPDATE'
  /** Who writes. */
  readonly username?: string
}

/** The same inside an object with metadata: names of containers and revisions depend on it. */
export interface TemplateContext extends AdmissionContext {
  readonly parent: Partial<ObjectMeta>
}

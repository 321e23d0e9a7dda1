import type {ValueOf} from './go-types/declare.ts'
import type {CONDITION} from './go-types/status.ts'

/** One entry of `status.conditions`. Knative leaves `severity` out for errors. */
export interface Condition extends ValueOf<typeof CONDITION> {}

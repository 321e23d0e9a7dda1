import {ageColumn} from './common-columns.ts'
import type {TableColumn} from './columns.ts'

/** The columns kubectl shows for a built-in kind, after the name. */
export function builtinColumns(_groupVersion: string, _kind: string): readonly TableColumn[] {
  return [ageColumn]
}

import type {StatusError} from '../../api/meta/status-error.ts'
import {goPrint, goType} from '../../util/go/print.ts'
import {badPatch, plainFailure, unprocessable} from './patch-errors.ts'

/**
 * What is wrong with a strategic merge patch, in the words and with the codes of kube-apiserver: 400
 * for a directive in the wrong form, 422 for lists of lists, and 500 for everything else.
 *
 * Counterpart of k8s.io/apimachinery `mergepatch` errors and of kube-apiserver's
 * `interpretStrategicMergePatchError`.
 */
export const strategicErrors = {
  badRetainKeys: (): StatusError => badPatch('invalid patch format of retainKeys'),

  badPrimitiveList: (): StatusError => badPatch('invalid patch format of primitive list'),

  badSetElementOrder: (): StatusError => badPatch('invalid patch format of setElementOrder list'),

  listOfLists: (): StatusError => unprocessable(),

  noMergeKey: (item: unknown, mergeKey: string): StatusError =>
    plainFailure(`map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`),

  noDeclaredMergeKey: (): StatusError =>
    plainFailure('cannot merge lists without merge key for struct'),

  unknownDirective: (directive: unknown, map: unknown): StatusError =>
    plainFailure(`unknown patch type: ${goPrint(directive)} in map: ${goPrint(map)}`),

  mergeDirective: (): StatusError =>
    plainFailure('merging lists cannot yet be specified in the patch'),

  wrongType: (expected: unknown, actual: unknown): StatusError =>
    plainFailure(`expected a ${goType(expected)}, but received a ${goType(actual)}`),

  mixedTypes: (lists: readonly (readonly unknown[])[]): StatusError =>
    plainFailure(`list element types are not identical: ${goPrint(lists)}`),

  wrongOrder: (patch: readonly unknown[], order: readonly unknown[]): StatusError =>
    plainFailure(
      `The order in patch list:\n${goPrint(patch)}\n doesn't match $setElementOrder list:\n${goPrint(order)}\n`,
    ),
}

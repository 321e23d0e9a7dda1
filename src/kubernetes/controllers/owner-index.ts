import type {KubeObject} from '../../api/meta/object.ts'
import {controllerOf} from '../../api/meta/owner.ts'
import type {Informer} from '../../controller/informer.ts'

/** Name of the index that finds objects by the uid of the owner that controls them. */
export const OWNER_UID = 'controllerUid'

/** Makes the objects of an informer findable by the owner that controls them. */
export function indexByController<T extends KubeObject>(informer: Informer<T>): Informer<T> {
  informer.addIndex(OWNER_UID, (object) => {
    const uid = controllerOf(object)?.uid
    return uid === undefined ? [] : [uid]
  })
  return informer
}

import type {Storage} from '../../../../src/kubernetes/storage/storage.ts'

/** What the write of `revision` does: everybody who knows the number knows the write. */
function writeOf(revision: number): {key: string; removes: boolean} {
  const mixed = Math.imul(revision ^ (revision >>> 7), 0x9e3779b1) >>> 0
  return {key: `/core/configmaps/ns/c${mixed % 23}`, removes: mixed % 5 === 0}
}

/** The value that the write of `revision` stores: between a few bytes and several pages. */
export function valueOf(revision: number): string {
  return `${revision}:`.padEnd((revision * 37) % 9_000, 'x')
}

/** Makes the next write of the sequence and answers its revision. */
export function writeNext(storage: Storage): number {
  const revision = storage.currentRevision + 1
  const {key, removes} = writeOf(revision)
  const current = storage.get(key)
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: key.slice(key.lastIndexOf('/') + 1), labels: {value: valueOf(revision)}},
  }
  if (current === undefined) return storage.create(key, object).storeRevision
  if (removes) return storage.delete(key, current.storeRevision).storeRevision
  return storage.update(key, object, current.storeRevision).storeRevision
}

/** What is stored after the writes up to `revision`: for each key the revision that wrote it. */
export function stateAfter(revision: number): Map<string, number> {
  const state = new Map<string, number>()
  for (let each = 1; each <= revision; each++) {
    const {key, removes} = writeOf(each)
    if (removes && state.has(key)) state.delete(key)
    else state.set(key, each)
  }
  return state
}

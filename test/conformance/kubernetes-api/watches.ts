import {expect, test} from 'vitest'
import {CONFIG_MAPS, configMap, type Api} from './api-under-test.ts'
import {listOf} from './collections.ts'

export function watchTests(api: () => Api): void {
  async function version(): Promise<string> {
    return listOf(await api().get(CONFIG_MAPS)).metadata.resourceVersion ?? ''
  }

  test('begins with what is there, then says what happens', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const watch = await api().watch(CONFIG_MAPS)
    expect(await watch.take(1)).toEqual(['ADDED a'])
    await api().post(CONFIG_MAPS, configMap('b'))
    await api().patch(`${CONFIG_MAPS}/a`, 'merge-patch', {data: {x: '1'}})
    await api().delete(`${CONFIG_MAPS}/b`)
    expect(await watch.take(3)).toEqual(['ADDED b', 'MODIFIED a', 'DELETED b'])
    watch.close()
  })

  test('goes on after the version of a list, and misses nothing', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const resourceVersion = await version()
    await api().post(CONFIG_MAPS, configMap('b'))
    const watch = await api().watch(CONFIG_MAPS, {resourceVersion})
    await api().delete(`${CONFIG_MAPS}/a`)
    expect(await watch.take(2)).toEqual(['ADDED b', 'DELETED a'])
    watch.close()
  })

  test('says ADDED and DELETED when objects enter and leave a selection', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const watch = await api().watch(CONFIG_MAPS, {
      resourceVersion: await version(),
      labelSelector: 'app=web',
    })
    const label = (app: string | null): Promise<unknown> =>
      api().patch(`${CONFIG_MAPS}/a`, 'merge-patch', {metadata: {labels: {app}}})
    await label('db')
    await label('web')
    await api().patch(`${CONFIG_MAPS}/a`, 'merge-patch', {data: {x: '1'}})
    await label('db')
    await label('web')
    await api().delete(`${CONFIG_MAPS}/a`)
    expect(await watch.take(5)).toEqual([
      'ADDED a',
      'MODIFIED a',
      'DELETED a',
      'ADDED a',
      'DELETED a',
    ])
    watch.close()
  })

  test('watches one object by its name', async () => {
    const watch = await api().watch(CONFIG_MAPS, {fieldSelector: 'metadata.name=b'})
    await api().post(CONFIG_MAPS, configMap('a'))
    await api().post(CONFIG_MAPS, configMap('b'))
    expect(await watch.take(1)).toEqual(['ADDED b'])
    watch.close()
  })

  test('marks the end of the initial events', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const watch = await api().watch(CONFIG_MAPS, {
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
    })
    expect(await watch.take(1)).toEqual(['ADDED a'])
    const bookmark = await watch.next()
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        metadata: {annotations: {'k8s.io/initial-events-end': 'true'}},
      },
    })
    watch.close()
  })

  test('sends a bookmark to a watch that has been quiet for a minute', async () => {
    const watch = await api().watch(CONFIG_MAPS, {
      resourceVersion: await version(),
      allowWatchBookmarks: 'true',
    })
    const next = watch.next()
    await api().under.clock.advance(61_000)
    expect((await next).type).toBe('BOOKMARK')
    watch.close()
  })

  test('ends after timeoutSeconds', async () => {
    const watch = await api().watch(CONFIG_MAPS, {timeoutSeconds: '5'})
    const over = watch.isOver()
    await api().under.clock.advance(6000)
    expect(await over).toBe(true)
  })

  test('says 410 for a version that is compacted', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const resourceVersion = await version()
    await api().post(CONFIG_MAPS, configMap('b'))
    await api().post(CONFIG_MAPS, configMap('c'))
    api().under.storage.compact(api().under.storage.currentRevision)
    const watch = await api().watch(CONFIG_MAPS, {resourceVersion})
    expect(await watch.take(1)).toEqual(['ERROR 410'])
    expect(await watch.isOver()).toBe(true)
  })

  test('feeds many watches the same events', async () => {
    const watches = await Promise.all(Array.from({length: 20}, () => api().watch(CONFIG_MAPS)))
    await api().post(CONFIG_MAPS, configMap('a'))
    await api().post(CONFIG_MAPS, configMap('b'))
    const seen = await Promise.all(watches.map((watch) => watch.take(2)))
    expect(seen).toEqual(watches.map(() => ['ADDED a', 'ADDED b']))
    for (const watch of watches) watch.close()
  })
}

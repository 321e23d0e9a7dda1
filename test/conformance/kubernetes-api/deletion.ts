import {expect, test} from 'vitest'
import {CONFIG_MAPS, configMap, PODS, type Api} from './api-under-test.ts'
import {pod} from './objects.ts'

export function deletionTests(api: () => Api): void {
  const path = `${CONFIG_MAPS}/a`

  test('answers what it deleted', async () => {
    const {value} = await api().post(CONFIG_MAPS, configMap('a'))
    const answer = await api().delete(path)
    expect(answer).toMatchObject({
      status: 200,
      value: {status: 'Success', details: {name: 'a', kind: 'configmaps', uid: value.metadata.uid}},
    })
    expect((await api().get(path)).status).toBe(404)
  })

  test('waits for the last finalizer, and lets nobody add one', async () => {
    const finalizers = ['example.com/a', 'example.com/b']
    await api().post(CONFIG_MAPS, configMap('a', {}, {finalizers}))
    const marked = await api().delete(path)
    expect(marked.value.metadata).toMatchObject({
      deletionTimestamp: '2024-04-22T00:00:00Z',
      deletionGracePeriodSeconds: 0,
    })
    const more = [...finalizers, 'example.com/c']
    const added = await api().patch(path, 'merge-patch', {metadata: {finalizers: more}})
    expect(added.status).toBe(422)
    await api().patch(path, 'merge-patch', {metadata: {finalizers: ['example.com/b']}})
    expect((await api().get(path)).status).toBe(200)
    await api().patch(path, 'merge-patch', {metadata: {finalizers: null}})
    expect((await api().get(path)).status).toBe(404)
  })

  test.each([
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ])(
    'leaves the dependents of a %s delete to the garbage collector',
    async (policy, finalizers) => {
      await api().post(CONFIG_MAPS, configMap('a'))
      const answer = await api().delete(path, {propagationPolicy: policy})
      expect(answer.value.metadata.finalizers).toEqual(finalizers)
      expect((await api().get(path)).status).toBe(200)
    },
  )

  test('deletes only what the preconditions mean', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    const uid = '00000000-0000-0000-0000-000000000000'
    const answer = await api().delete(path, {preconditions: {uid}})
    expect(answer).toMatchObject({status: 409, value: {reason: 'Conflict'}})
    expect((await api().get(path)).status).toBe(200)
  })

  test('gives a pod on a node its grace, and ends it when its node says so', async () => {
    await api().post(PODS, pod('p', {terminationGracePeriodSeconds: 20}))
    await api().post(`${PODS}/p/binding`, {target: {kind: 'Node', name: 'n'}})
    const marked = await api().delete(`${PODS}/p`)
    expect(marked.value.metadata).toMatchObject({
      deletionTimestamp: '2024-04-22T00:00:20Z',
      deletionGracePeriodSeconds: 20,
    })
    const shorter = await api().delete(`${PODS}/p`, {gracePeriodSeconds: 5})
    expect(shorter.value.metadata.deletionGracePeriodSeconds).toBe(5)
    await api().delete(`${PODS}/p`, {gracePeriodSeconds: 0})
    expect((await api().get(`${PODS}/p`)).status).toBe(404)
  })

  test('deletes a pod at once that is on no node', async () => {
    await api().post(PODS, pod('p'))
    await api().delete(`${PODS}/p`)
    expect((await api().get(`${PODS}/p`)).status).toBe(404)
  })

  test('keeps a namespace until it is finalized, and lets nothing in', async () => {
    await api().post('/api/v1/namespaces', {metadata: {name: 'ns'}})
    const marked = await api().delete('/api/v1/namespaces/ns')
    expect(marked.value).toMatchObject({
      spec: {finalizers: ['kubernetes']},
      status: {phase: 'Terminating'},
    })
    const late = await api().post('/api/v1/namespaces/ns/configmaps', configMap('late'))
    expect(late).toMatchObject({
      status: 403,
      value: {details: {causes: [{reason: 'NamespaceTerminating'}]}},
    })
    await api().put('/api/v1/namespaces/ns/finalize', {metadata: {name: 'ns'}, spec: {}})
    expect((await api().get('/api/v1/namespaces/ns')).status).toBe(404)
  })

  test('does not delete the namespaces nobody can do without', async () => {
    expect((await api().delete('/api/v1/namespaces/default')).status).toBe(403)
  })

  test('deletes nothing on a dry run', async () => {
    await api().post(CONFIG_MAPS, configMap('a'))
    expect((await api().delete(path, undefined, {dryRun: 'All'})).status).toBe(200)
    expect((await api().get(path)).status).toBe(200)
  })
}

import {createApiServer, type ApiServer} from '../../../src/kubernetes/apiserver/api-server.ts'
import {builtinKinds} from '../../../src/kubernetes/kinds/index.ts'
import {MemoryStorage} from '../../../src/kubernetes/storage/memory-storage.ts'
import type {Storage} from '../../../src/kubernetes/storage/storage.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'

export const TOKEN = 'token-of-the-tester'

export const TESTER = {username: 'tester', groups: ['system:masters', 'system:authenticated']}

/** A server on empty storage, with the namespace `default` and its ServiceAccount. */
export async function freshServer(): Promise<{
  server: ApiServer
  clock: FakeClock
  storage: Storage
}> {
  const clock = new FakeClock()
  const storage = new MemoryStorage()
  const authenticate = (token: string): typeof TESTER | undefined =>
    token === TOKEN ? TESTER : undefined
  const server = createApiServer({kinds: builtinKinds, storage, clock, authenticate})
  const transport = server.transport(TESTER)
  for (const [path, name] of [
    ['/api/v1/namespaces', 'default'],
    ['/api/v1/namespaces/default/serviceaccounts', 'default'],
  ] as const) {
    const {status} = await transport.send({method: 'POST', path, body: {metadata: {name}}})
    if (status !== 201) throw new Error(`cannot create ${path}/${name}`)
  }
  return {server, clock, storage}
}

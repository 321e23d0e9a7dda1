import {freshServer, TESTER} from './fresh-server.ts'
import {kubernetesApiSuite} from './suite.ts'

kubernetesApiSuite('in process', async () => {
  const {server, clock, storage} = await freshServer()
  return {
    transport: server.transport(TESTER),
    clock,
    storage,
    close: () => Promise.resolve(storage.close()),
  }
})

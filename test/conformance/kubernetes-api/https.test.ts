import {HttpTransport} from '../../../src/client/http-transport.ts'
import {createCredentials} from '../../../src/local/credentials.ts'
import {freshServer, TOKEN} from './fresh-server.ts'
import {kubernetesApiSuite} from './suite.ts'

const credentials = createCredentials()

kubernetesApiSuite('over HTTPS', async () => {
  const {server, clock, storage} = await freshServer()
  const {key, certificate: cert} = await credentials
  const front = await server.listen({host: '127.0.0.1', port: 0, tls: {key, cert}})
  const transport = new HttpTransport({
    server: `https://127.0.0.1:${front.port}`,
    security: {ca: cert, headers: {authorization: `Bearer ${TOKEN}`}},
  })
  return {
    transport,
    clock,
    storage,
    async close() {
      transport.close()
      await front.close()
      storage.close()
    },
  }
})

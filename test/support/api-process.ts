/**
 * An API server on the database named by the first argument, with the credentials in the file named
 * by the second, until it is killed; the third is the number of writes that stay watchable. Prints
 * its port when it listens.
 */
import {readFileSync, writeSync} from 'node:fs'
import {createApiServer} from '../../src/kubernetes/apiserver/api-server.ts'
import {builtinKinds} from '../../src/kubernetes/kinds/index.ts'
import {openSqliteStorage} from '../../src/kubernetes/storage/sqlite-storage.ts'
import type {Credentials} from '../../src/local/credentials.ts'
import {SystemClock} from '../../src/util/clock.ts'

const [file = '', credentialsFile = '', historyLimit] = process.argv.slice(2)
const {token, key, certificate} = JSON.parse(readFileSync(credentialsFile, 'utf8')) as Credentials
const admin = {username: 'tester', groups: ['system:masters', 'system:authenticated']}
const storage = openSqliteStorage({file, historyLimit: Number(historyLimit)})
const server = createApiServer({
  kinds: builtinKinds,
  storage,
  clock: new SystemClock(),
  authenticate: (presented) => (presented === token ? admin : undefined),
})
const front = await server.listen({host: '127.0.0.1', port: 0, tls: {key, cert: certificate}})
writeSync(1, `${front.port}\n`)

/**
 * The least a server of objects over HTTPS can do: parse, keep in a map, print. What an API server
 * costs is measured beside it. Prints its port; takes the file of credentials as its argument.
 */
import {readFileSync, writeSync} from 'node:fs'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import type {Credentials} from '../../src/local/credentials.ts'

const {key, certificate} = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Credentials
const objects = new Map<string, {metadata: {name: string}}>()

const server = createServer({key, cert: certificate}, (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const path = request.url ?? ''
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST') {
      const object = JSON.parse(Buffer.concat(chunks).toString()) as {metadata: {name: string}}
      objects.set(`${path}/${object.metadata.name}`, object)
      response.statusCode = 201
      response.end(JSON.stringify(object))
      return
    }
    const found = objects.get(path)
    response.end(JSON.stringify(found ?? {metadata: {}, items: [...objects.values()]}))
  })
})
server.listen(0, '127.0.0.1', () => writeSync(1, `${(server.address() as AddressInfo).port}\n`))

// Stands in for ghcr.io/knative/helloworld-go: greets TARGET on PORT. Plain Node, no dependencies.
import {createServer} from 'node:http'
import process from 'node:process'

const target = process.env.TARGET || 'World'
const port = Number(process.env.PORT || 8080)

const log = (line) => process.stdout.write(`${line}\n`)

const server = createServer((request, response) => {
  log('helloworld: received a request')
  response.writeHead(200, {'content-type': 'text/plain; charset=utf-8'})
  response.end(`Hello ${target}!\n`)
})

log('helloworld: starting server...')
server.listen(port, '127.0.0.1', () => log(`helloworld: listening on port ${port}`))

// Requests that are under way get their answer; connections nobody uses are closed.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})

import {createServer, type AddressInfo, type Server} from 'node:net'
import {afterEach, beforeEach, expect, test} from 'vitest'
import type {EmbeddedCluster} from '../../../src/local/cluster.ts'
import {startCluster} from '../../../src/local/start-cluster.ts'

let somebody: Server
let taken: number
let cluster: EmbeddedCluster | undefined

beforeEach(async () => {
  somebody = createServer()
  await new Promise<void>((resolve) => somebody.listen(0, '127.0.0.1', resolve))
  taken = (somebody.address() as AddressInfo).port
})
afterEach(async () => {
  await cluster?.stop()
  cluster = undefined
  somebody.close()
})

test('a port for HTTPS that somebody has is an error where it was asked for', async () => {
  await expect(
    startCluster({mode: 'api', listen: {gatewayHttps: {port: taken}}}),
  ).rejects.toMatchObject({
    code: 'KN_PORT_IN_USE',
    details: {port: taken},
    hints: [expect.stringContaining('--gateway-https-port 0')],
  })
})

test('where it was not, the cluster goes on without HTTPS and says so in its log', async () => {
  const lines: string[] = []
  cluster = await startCluster({
    mode: 'api',
    listen: {gatewayHttps: {port: taken, optional: true}},
    onLog: (_component, line) => lines.push(line),
  })
  expect(cluster.gatewayHttpsUrl).toBeUndefined()
  expect(cluster.gatewayUrl).toMatch(/^http:/)
  expect(lines.join()).toContain(`Port ${taken} for the gateway is in use.`)
})

test('without a wish there is no port for HTTPS, and 0 is any free one', async () => {
  cluster = await startCluster({mode: 'api', listen: {}})
  expect(cluster.gatewayHttpsUrl).toBeUndefined()
  await cluster.stop()
  cluster = await startCluster({mode: 'api', listen: {gatewayHttps: {port: 0}}})
  expect(cluster.gatewayHttpsUrl).toMatch(/^https:\/\/127\.0\.0\.1:[1-9]\d+$/)
})

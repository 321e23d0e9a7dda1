import {type ChildProcess, spawn} from 'node:child_process'
import {createServer} from 'node:net'
import type {AddressInfo} from 'node:net'
import {until} from './until.ts'

/** Credentials that every emulator takes. */
export const TEST_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
} as const

/** A running emulator. Whoever starts it stops it. */
export interface Moto {
  readonly endpoint: string
  /** Forgets everything. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/** Starts the emulator on a free loopback port; resolves when it answers. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: {...process.env, ...TEST_CREDENTIALS},
  })
  const endpoint = `http://127.0.0.1:${port}`
  try {
    await untilAnswering(`${endpoint}/moto-api/data.json`, child)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    endpoint,
    reset: async () => void (await fetch(`${endpoint}/moto-api/reset`, {method: 'POST'})),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`moto_server ended with ${child.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    return answer?.ok === true
  }, 'an answer of moto_server')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The subnets of the VPC every account begins with, asked for by hand: EC2 has no client here. */
export async function defaultSubnets(endpoint: string, region = 'us-east-1'): Promise<string[]> {
  const response = await fetch(`${endpoint}/?Action=DescribeSubnets&Version=2016-11-15`, {
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=testing/20240101/${region}/ec2/aws4_request`,
    },
  })
  return [...(await response.text()).matchAll(/<subnetId>([^<]+)</g)].map(([, id = '']) => id)
}

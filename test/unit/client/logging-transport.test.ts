import {expect, test} from 'vitest'
import type {ApiResponse, Transport} from '../../../src/api/transport.ts'
import {LoggingTransport} from '../../../src/client/logging-transport.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'

function logged(send: Transport['send']): {transport: LoggingTransport; lines: string[]} {
  const lines: string[] = []
  const transport = new LoggingTransport({send}, new FakeClock(), (line) => lines.push(line))
  return {transport, lines}
}

test('says what was asked and answered, and nothing of what may be secret', async () => {
  const answer: ApiResponse = {
    status: 201,
    headers: {token: 'hidden'},
    warnings: [],
    body: {kind: 'json', value: {data: 'hidden'}},
  }
  const {transport, lines} = logged(() => Promise.resolve(answer))
  const response = await transport.send({
    method: 'POST',
    path: '/api/v1/namespaces/dev/secrets',
    query: {dryRun: 'All', fieldManager: undefined, labelSelector: ['a=b', 'c']},
    headers: {authorization: 'hidden'},
    body: {data: 'hidden'},
  })
  expect(response).toBe(answer)
  expect(lines).toEqual([
    'POST /api/v1/namespaces/dev/secrets?dryRun=All&labelSelector=a%3Db&labelSelector=c 201 in 0 ms',
  ])
})

test('says that there was no answer, and lets the failure through', async () => {
  const failure = new Error('gone')
  const {transport, lines} = logged(() => Promise.reject(failure))
  await expect(transport.send({method: 'GET', path: '/version'})).rejects.toBe(failure)
  expect(lines).toEqual(['GET /version without an answer in 0 ms'])
})

/** How many requests each command makes: one list for each kind, no discovery, nothing twice. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'

// The revision says which digest the image stands for.
const UPDATE = ['GET services/web', 'GET revisions/web-00002', 'PUT services/web']
const CHANGE_TRAFFIC = ['GET services/web', 'GET revisions', 'PUT services/web']

describe('requests of a command', () => {
  let world: CommandCluster
  beforeAll(async () => {
    world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
    await world.ok('service', 'create', 'web', '--image', 'example.com/web:v1', '--tag', 'one')
    await world.ok('revision', 'create', 'web', '--image', 'example.com/web:v2', '--tag', 'two')
    world.requests()
  })
  afterAll(() => world.stop())

  test.each<[string, string[]]>([
    ['service list', ['GET services']],
    ['service list web', ['GET services']],
    ['service list -A -o json', ['GET services']],
    ['service describe web -o url', ['GET services/web']],
    ['revision list', ['GET revisions', 'GET services']],
    ['revision list -o name', ['GET revisions']],
    ['revision describe web-00001', ['GET revisions/web-00001']],
    [
      'revision describe @prev -s web',
      ['GET services/web', 'GET revisions', 'GET revisions/web-00001'],
    ],
    ['route list', ['GET routes']],
    ['route describe web', ['GET routes/web']],
    ['domain list', ['GET domainmappings']],
    ['secret list', ['GET secrets']],
    ['traffic describe web', ['GET services/web']],
    ['open web --no-browser', ['GET services/web']],
    ['curl web -s', ['GET services/web']],
    ['service create new --image example.com/web --no-wait', ['POST services']],
    ['service update web --label-service a=b --no-wait', UPDATE],
    ['traffic split web gen:1=50 two=50 --no-wait', CHANGE_TRAFFIC],
    ['traffic promote web --no-wait', CHANGE_TRAFFIC],
    ['traffic tag web @prev=three --no-wait', CHANGE_TRAFFIC],
    ['traffic untag web three --no-wait', CHANGE_TRAFFIC],
    ['service delete new', ['GET services/new', 'DELETE services/new']],
  ])('%s', async (line, requests) => {
    // Who writes while controllers do has to read again.
    await world.cluster.settled()
    await world.ok(...line.split(' '))
    expect(world.requests()).toEqual(requests)
  })

  test('service describe reads the Service and its revisions, each once', async () => {
    await world.ok('service', 'describe', 'web')
    const requests = world.requests()
    expect(requests.filter((request) => request.startsWith('GET services'))).toHaveLength(1)
    expect(new Set(requests).size).toBe(requests.length)
  })

  test('no command asks what kinds there are', async () => {
    const lines = ['service describe web -v', 'service export web -o yaml', 'logs web']
    for (const line of lines) await world.run(line.split(' '))
    expect(
      world.requests().filter((request) => /api(s)?(\/|$)|openapi|version/.test(request)),
    ).toEqual([])
  })
})

/** What a person does from one revision to the next, typed on an embedded cluster. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {REVISIONS, SERVICES, type TrafficTarget} from '../../../src/api/serving/v1.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'

const IMAGE = 'example.com/web:v1'

describe('from one revision to the next', () => {
  let world: CommandCluster
  beforeAll(async () => {
    world = await startCommandCluster({handlers: {'example.com/web*': () => new Response('ok')}})
    await world.ok('service', 'create', 'web', '--image', IMAGE)
  })
  afterAll(() => world.stop())

  const key = {namespace: 'default', name: 'web'}
  async function traffic(): Promise<TrafficTarget[]> {
    return (await world.cluster.client.get(SERVICES, key)).spec.traffic ?? []
  }

  test('a revision is created without traffic, at a URL of its own', async () => {
    const stdout = await world.ok('revision', 'create', 'web', '--env', 'V=2', '--tag', 'candidate')
    expect(stdout).toContain(
      "Revision 'web-00002' of service 'web' created in namespace 'default', without traffic. " +
        'It is available at URL:\nhttp://candidate-web.default.example.com\n',
    )
    expect(await traffic()).toEqual([
      {revisionName: 'web-00001', latestRevision: false, percent: 100},
      {revisionName: 'web-00002', latestRevision: false, percent: 0, tag: 'candidate'},
    ])
  })

  test('a revision with a tag that is taken needs --force', async () => {
    const run = await world.run(['traffic', 'tag', 'web', 'web-00001=candidate'])
    expect(run).toMatchObject({exitCode: 7, stdout: ''})
    expect(run.stderr).toContain("The tag 'candidate' of service 'web' belongs to web-00002.")
  })

  test('a part of the traffic goes to it; the rest stays', async () => {
    const stdout = await world.ok('traffic', 'split', 'web', 'candidate=10')
    expect(stdout).toContain('90%  web-00001\n')
    expect(stdout).toContain('10%  web-00002 #candidate\n')
  })

  test.each([
    ['name', 'web-00002\nweb-00001\n'],
    ['jsonpath={[?(@.tag=="candidate")].percent}', '10'],
    ['go-template={{range .}}{{.percent}} {{end}}', '10 90 '],
    ['yaml', /^- latestRevision: false\n {2}percent: 10\n {2}revisionName: web-00002\n/],
  ])('traffic describe -o %s', async (format, expected) => {
    expect(await world.ok('traffic', 'describe', 'web', '-o', format)).toMatch(expected)
  })

  test.each([
    [['traffic', 'promote', 'web', 'gen:2', '--diff'], 'web-00001 90% → 0%'],
    [
      ['revision', 'create', 'web', '--env', 'V=9', '--tag', 'x', '--dry-run', 'server'],
      '  New revision: web-00003\n  Traffic:      stays as it is\n  Tags:         x → web-00003\n',
    ],
    [['revision', 'delete', 'web-00001', '--force', '--dry-run', 'client'], 'web-00001'],
  ])('%j is only shown', async (argv, text) => {
    const before = await world.cluster.client.get(SERVICES, key)
    expect(await world.ok(...argv)).toContain(text)
    expect((await world.cluster.client.get(SERVICES, key)).spec).toEqual(before.spec)
    const {items} = await world.cluster.client.list(REVISIONS, {namespace: 'default'})
    expect(items).toHaveLength(2)
  })

  test('--quiet leaves out the course of an operation', async () => {
    const split = ['traffic', 'split', 'web', 'candidate=10', 'web-00001=90']
    const quiet = await world.run([...split, '--quiet'])
    expect(quiet.stdout).not.toContain('Ready to serve.')
    expect(quiet).toMatchObject({exitCode: 0, stderr: ''})
  })

  test('it is promoted by its generation', async () => {
    await world.ok('traffic', 'promote', 'web', 'gen:2')
    expect(await traffic()).toEqual([
      {revisionName: 'web-00002', latestRevision: false, percent: 100, tag: 'candidate'},
    ])
  })

  test('all goes back to the revision before', async () => {
    const stdout = await world.ok('traffic', 'rollback', 'web')
    expect(stdout).toContain('100%  web-00001\n')
    expect(await traffic()).toEqual([
      {revisionName: 'web-00002', latestRevision: false, percent: 0, tag: 'candidate'},
      {revisionName: 'web-00001', latestRevision: false, percent: 100},
    ])
  })

  test('there is nothing to go back to from the first', async () => {
    const run = await world.run(['traffic', 'rollback', 'web'])
    expect(run).toMatchObject({exitCode: 3, stdout: ''})
    expect(run.stderr).toContain("no ready revision that had traffic before 'web-00001'")
  })

  test('a revision that gets requests is not deleted', async () => {
    const run = await world.run(['revision', 'delete', 'web-00001', 'web-00002'])
    expect(run).toMatchObject({exitCode: 7, stdout: ''})
    expect(run.stderr).toContain(
      "can't delete revision 'web-00001': it gets requests from route 'web' (100%)",
    )
    expect(run.stderr).toContain("'web-00002': it gets requests from route 'web' (tag candidate)")
    expect((await world.cluster.client.list(REVISIONS, {namespace: 'default'})).items).toHaveLength(
      2,
    )
  })

  test('a revision is described and deleted by its role', async () => {
    const described = await world.ok('revision', 'describe', '@prev', '-s', 'web', '-o', 'name')
    expect(described).toBe('revision.serving.knative.dev/web-00001\n')
    const role = await world.run(['revision', 'describe', '@prev'])
    expect(role).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"@prev" needs a service.'),
    })
    await world.ok('traffic', 'promote', 'web')
    await world.ok('revision', 'delete', '@prev', '-s', 'web', '--wait')
    const {items} = await world.cluster.client.list(REVISIONS, {namespace: 'default'})
    expect(items.map(({metadata}) => metadata.name)).toEqual(['web-00002'])
  })

  test('a tag is taken away', async () => {
    await world.ok('traffic', 'untag', 'web', 'candidate')
    expect(await traffic()).toEqual([{latestRevision: true, percent: 100}])
    const run = await world.run(['traffic', 'untag', 'web', 'candidate'])
    expect(run).toMatchObject({exitCode: 2, stdout: ''})
    expect(run.stderr).toContain('tag(s) candidate not present for any revisions of service web')
  })

  test('an update moves a part of the traffic from the revision before to the new one', async () => {
    const split = '@prev=80,@latest=20'
    await world.ok('service', 'update', 'web', '--env', 'V=3', '--traffic', split)
    expect(await traffic()).toEqual([
      {latestRevision: true, percent: 20},
      {revisionName: 'web-00002', latestRevision: false, percent: 80},
    ])
  })

  test('a revision that is not ready gets no traffic, unless it is forced', async () => {
    await world.ok('revision', 'create', 'web', '--image', 'example.com/nosuch', '--no-wait')
    const promote = ['traffic', 'promote', 'web', 'gen:4', '--no-wait']
    const run = await world.run(promote)
    expect(run).toMatchObject({exitCode: 1, stdout: ''})
    expect(run.stderr).toMatch(/Revision 'web-00004' is not ready .*and should get no traffic/)
    await world.ok(...promote, '--force')
    expect(await traffic()).toEqual([
      {revisionName: 'web-00004', latestRevision: false, percent: 100},
    ])
  })
})

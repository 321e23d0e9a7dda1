/**
 * What can be wrong with the words of the commands that write Services: each flag with values it
 * cannot have, flags that exclude each other, arguments, names. Always exit 2, the name of what is
 * wrong, and nothing written.
 */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import ServiceApply from '../../../commands/service/apply.ts'
import ServiceCreate from '../../../commands/service/create.ts'
import ServiceUpdate from '../../../commands/service/update.ts'
import ServiceWait from '../../../commands/service/wait.ts'
import {SERVICES} from '../../../src/api/serving/v1.ts'
import {type CommandCluster, startCommandCluster} from '../../support/command-cluster.ts'

const INTEGERS = ['a', '1.5', '', '99999999999999999999']

/** Values each flag cannot have, and what the error calls it where that is not the flag itself. */
const WRONG: Readonly<Record<string, {values: readonly string[]; said?: RegExp}>> = {
  image: {values: ['UPPER CASE', 'a@sha256:short'], said: /image/},
  env: {values: ['A'], said: /--env/},
  'env-file': {values: ['nosuch.env', '.']},
  'env-from': {values: ['a', 'file:a']},
  'env-value-from': {values: ['A=b', 'A'], said: /--env/},
  port: {values: ['a', 'h2c:', '70000', '-1'], said: /port|containerPort/i},
  user: {values: [...INTEGERS, '-1'], said: /--user|runAsUser/},
  'pull-policy': {values: ['Sometimes']},
  'security-context': {values: ['loose']},
  request: {values: ['cpu=many', '=1'], said: /--request/},
  limit: {values: ['memory=1Zi', '=1'], said: /--limit/},
  mount: {values: ['/data=nowhere:a', '/data', 'data=cm:a'], said: /--mount|mountPath/},
  volume: {values: ['a=nowhere:b', 'a']},
  containers: {values: ['nosuch.yaml', 'empty.yaml', 'list.yaml'], said: /containers|yaml/},
  'init-containers': {values: ['nosuch.yaml', 'empty.yaml', 'list.yaml']},
  'probe-liveness': {values: ['', 'udp::53', 'http:80', 'grpc:a', 'a:b:c:d:e']},
  'probe-liveness-opts': {values: ['PeriodSeconds', 'PeriodSeconds=a', 'Speed=1']},
  'probe-readiness': {values: ['', 'exec:', 'tcp:80']},
  'probe-readiness-opts': {values: ['PeriodSeconds=a']},
  'probe-startup': {values: ['', 'udp::53']},
  'probe-startup-opts': {values: ['Speed=1']},
  'node-selector': {values: ['=a']},
  toleration: {values: ['Operator=Sometimes', 'a']},
  'node-affinity': {values: ['Type=Maybe', 'Type=Preferred,Weight=a', 'a']},
  scale: {values: ['a', '5..a', '']},
  'scale-min': {values: [...INTEGERS, '-1'], said: /min-?scale|scale-min/i},
  'scale-max': {values: [...INTEGERS, '-1'], said: /max-?scale|scale-max/i},
  'scale-init': {values: [...INTEGERS, '-1'], said: /initial-scale|--scale-init/},
  'scale-activation': {values: [...INTEGERS, '0'], said: /activation-scale|--scale-activation/},
  'scale-target': {values: [...INTEGERS, '-1'], said: /target/},
  'scale-utilization': {values: [...INTEGERS, '0', '101'], said: /utilization/},
  'scale-window': {values: ['a', '1s', '2h'], said: /window/},
  'scale-down-delay': {values: ['a', '-1s', '1500ms', '2h'], said: /scale-down-delay/},
  'scale-pod-retention': {values: ['a', '-1s'], said: /retention/},
  'scale-aggregation': {values: ['mean']},
  'scale-burst-capacity': {values: [...INTEGERS, '-2']},
  'scale-panic-window': {values: [...INTEGERS, '0', '101']},
  'scale-panic-threshold': {values: [...INTEGERS, '100', '1001']},
  'concurrency-limit': {values: [...INTEGERS, '-1', '1001'], said: /concurrency/i},
  timeout: {values: [...INTEGERS, '-1', '601'], said: /--timeout|timeoutSeconds/},
  'timeout-response-start': {values: [...INTEGERS, '-1'], said: /response/i},
  'timeout-idle': {values: [...INTEGERS, '-1'], said: /idle/i},
  'rollout-duration': {values: ['a', '-1s', '1500ms'], said: /rollout-duration/i},
  label: {values: ['=a', 'a b=c'], said: /label/},
  'label-service': {values: ['=a', 'a b=c'], said: /label/},
  'label-revision': {values: ['=a'], said: /label/},
  annotation: {values: ['=a', 'a b=c'], said: /annotation/},
  'annotation-service': {values: ['=a', 'autoscaling.knative.dev/min-scale=1'], said: /annotation/},
  'annotation-revision': {
    values: ['=a', 'autoscaling.knative.dev/min-scale=a'],
    said: /annotation|min-scale/,
  },
  'revision-name': {values: ['{{.Colour}}', 'Upper', 'a/b'], said: /revision-name|metadata.name/},
  profile: {values: ['nosuch', 'nosuch-'], said: /profile/},
  filename: {values: ['nosuch.yaml', 'empty.yaml', 'list.yaml', '.'], said: /yaml|filename/},
  tag: {values: ['Upper', 'a=b=c', 'web-00001='], said: /tag|=/},
  traffic: {values: ['a', '@latest=101', '@latest=-1', 'a=b=c', '@latest=x'], said: /traffic|=/},
  untag: {values: ['nosuch'], said: /tag/},
  'dry-run': {values: ['maybe', '']},
  output: {values: ['xml'], said: /output format/},
  namespace: {values: ['Upper', 'a/b', 'a b'], said: /namespace/},
  'wait-timeout': {values: INTEGERS},
  'wait-window': {values: INTEGERS},
  'config-profile': {values: ['nosuch'], said: /profile/},
  config: {values: ['nosuch.yaml', 'list.yaml'], said: /config|yaml/},
  kubeconfig: {values: ['nosuch'], said: /kubeconfig/},
  context: {values: ['nosuch'], said: /context/},
  cluster: {values: ['nosuch'], said: /cluster/},
}

/** Flags whose every value is a possible one, with the reason. */
const ANYTHING_GOES: Readonly<Record<string, string>> = {
  cmd: 'a word',
  arg: 'a word',
  'service-account': 'looked up when pods are made',
  'pull-secret': 'looked up when pods are made',
  'scale-metric': 'autoscalers of others may have metrics of their own',
  template: 'only together with --output',
  as: 'judged by the server',
  target: 'any path can be written to',
  'as-uid': 'judged by the server',
  'as-group': 'judged by the server',
}

const BOOLEANS = ['maybe', '2']

const COMMANDS = {
  create: {
    flags: {...ServiceCreate.baseFlags, ...ServiceCreate.flags},
    words: ['new', '--image', 'example.com/web'],
  },
  update: {flags: {...ServiceUpdate.baseFlags, ...ServiceUpdate.flags}, words: ['web']},
  apply: {
    flags: {...ServiceApply.baseFlags, ...ServiceApply.flags},
    words: ['new', '--image', 'example.com/web'],
  },
  wait: {flags: {...ServiceWait.baseFlags, ...ServiceWait.flags}, words: ['web']},
} as const

describe('service', () => {
  let world: CommandCluster

  const state = async (): Promise<string> => {
    const {items} = await world.cluster.client.list(SERVICES)
    return JSON.stringify(
      items.map(({metadata, spec}) => [metadata.name, metadata.generation, spec]),
    )
  }

  beforeAll(async () => {
    world = await startCommandCluster({handlers: {'example.com/*': () => new Response('ok')}})
    await world.ok('service', 'create', 'web', '--image', 'example.com/web:1')
    for (const [name, text] of [
      ['empty.yaml', '# nothing\n'],
      ['list.yaml', '- a\n- b\n'],
    ] as const) {
      writeFileSync(join(world.folder, name), text)
    }
  })

  afterAll(() => world.stop())

  const attempt = async (argv: readonly string[]) => {
    const before = await state()
    const run = await world.run(['service', ...argv], {cwd: world.folder})
    const hasStack = /\n {4}at /.test(run.stderr)
    return {argv, ...run, hasStack, isWritten: (await state()) !== before}
  }

  for (const [command, {flags, words}] of Object.entries(COMMANDS)) {
    describe(`${command}`, () => {
      const definitions = Object.entries(flags as Record<string, {type: string}>)

      test('has no flag that is forgotten here', () => {
        const known = new Set([...Object.keys(WRONG), ...Object.keys(ANYTHING_GOES)])
        const options = definitions.filter(([, {type}]) => type === 'option')
        expect(options.map(([name]) => name).filter((name) => !known.has(name))).toEqual([])
      })

      const cases = definitions.flatMap(([name, {type}]) => {
        const values = type === 'boolean' ? BOOLEANS : (WRONG[name]?.values ?? [])
        // Names of revisions are for create and update; apply takes no notice, as kn.
        if (command === 'apply' && name === 'revision-name') return []
        return values.map((value) => [name, value] as const)
      })
      test.each(cases)('refuses --%s=%s', async (name, value) => {
        expect(await attempt([command, ...words, `--${name}=${value}`])).toEqual(
          refused(WRONG[name]?.said ?? `--${name}`),
        )
      })

      test.each([
        ...'/ % ? # @ : ; , ! * ( ) [ ] { } < > | \\ " \' ` ~ ^ & $ = + _ . A'.split(' '),
        ' ',
        'ö',
        '',
        'a'.repeat(64),
        '-a',
        'a-',
        '1a',
      ])('refuses the name "x%s"', async (part) => {
        const name = part.length > 1 || part === '' ? part : `x${part}x`
        const rest = words.slice(1)
        const more = command === 'update' ? ['--env', 'A=b'] : rest
        const argv = name.startsWith('-') ? [...more, '--', name] : [name, ...more]
        expect(await attempt([command, ...argv])).toEqual(refused(/name/))
      })

      test.each([
        ['surplus', [...words, 'more']],
        ['missing', words.slice(1)],
      ])('refuses arguments that are %s', async (_, argv) => {
        expect(await attempt([command, ...argv])).toEqual(refused(`service ${command}' requires`))
      })
    })
  }

  test.each([
    [['--scale', '1', '--scale-min', '1'], '--scale-min'],
    [['--scale', '1..2', '--scale-max', '1'], '--scale-max'],
    [
      ['--scale-init', '1', '--annotation', 'autoscaling.knative.dev/initial-scale=2'],
      '--scale-init',
    ],
    [['--wait', '--no-wait'], '--no-wait'],
    [['--cluster-local', '--no-cluster-local'], '--no-cluster-local'],
    [['--lock-to-digest', '--no-lock-to-digest'], '--no-lock-to-digest'],
    [['--wait=false'], '--no-wait'],
    [['--label', 'a=1', '--label', 'a=2'], '--label'],
    [['--embedded', '--context', 'here'], '--embedded'],
    [['--colour', 'red'], '--colour'],
    [['--env'], '--env'],
    [['-x'], "'x'"],
  ])('update refuses %j', async (argv, said) => {
    expect(await attempt(['update', 'web', ...argv])).toEqual(refused(said.replaceAll('-', '\\-')))
  })

  test.each([
    [['--traffic', '@latest=50', '--traffic', '@latest=50'], /traffic/],
    [['--traffic', '@latest=60', '--traffic', 'web-00001=60'], /120|sum/],
    [['--tag', '@latest=a', '--tag', '@latest=b', '--tag', 'web-00001=a'], /tag/],
  ])('update refuses %j', async (argv, said) => {
    expect(await attempt(['update', 'web', ...argv])).toEqual(refused(said))
  })

  test.each([
    ['an image', ['create', 'new'], /--image/],
    ['an image', ['apply', 'new'], /--image/],
    [
      'one image only',
      ['create', 'new', '--image', 'example.com/web', '--image', 'example.com/web'],
      /--image/,
    ],
    ['a change', ['update', 'web'], /flag\(s\) not set/],
  ])('asks for %s: %j', async (_, argv, said) => {
    expect(await attempt(argv)).toEqual(refused(said))
  })
})

/** How an attempt ends whose error says `said`. */
function refused(said: RegExp | string): object {
  return {
    argv: expect.anything(),
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(said),
    hasStack: false,
    isWritten: false,
  }
}

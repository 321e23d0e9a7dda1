import {mkdtempSync, rmSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {makeContainerConfig} from '../../../../src/kubernetes/runtimes/container/container-config.ts'
import {EngineRuntime} from '../../../../src/kubernetes/runtimes/container/container-runtime.ts'
import {
  engineCandidates,
  findEngine,
  formatAddress,
} from '../../../../src/kubernetes/runtimes/container/engine-address.ts'
import {startRequest} from '../../../conformance/container-runtime/suite.ts'

describe('an engine is looked for', () => {
  test('in the usual places of Docker, then of Podman', () => {
    const places = engineCandidates({XDG_RUNTIME_DIR: '/run/user/7'}, '/home/me', 7)
    expect(places.map(formatAddress)).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///home/me/.docker/run/docker.sock',
      'unix:///run/user/7/docker.sock',
      'unix:///run/user/7/podman/podman.sock',
      'unix:///run/podman/podman.sock',
    ])
  })

  test.each([
    [{DOCKER_HOST: 'unix:///x/docker.sock'}, ['unix:///x/docker.sock']],
    [{CONTAINER_HOST: 'unix:///x/podman.sock'}, ['unix:///x/podman.sock']],
    [{DOCKER_HOST: 'tcp://127.0.0.1:2375'}, ['tcp://127.0.0.1:2375']],
  ])('only where the user says: %j', (env, expected) => {
    expect(engineCandidates(env, '/home/me', 7).map(formatAddress)).toEqual(expected)
  })

  test('and found where a socket is', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kntool-engine-'))
    const path = join(directory, 'docker.sock')
    const candidates = engineCandidates({DOCKER_HOST: `unix://${path}`})
    expect(findEngine(candidates)).toBeUndefined()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(path, () => resolve()))
    expect(findEngine(candidates)).toEqual({kind: 'socket', path, engine: 'docker'})
    await new Promise((resolve) => server.close(resolve))
    rmSync(directory, {recursive: true})
  })

  test('in vain: the runtime says where', async () => {
    const runtime = new EngineRuntime({env: {DOCKER_HOST: 'unix:///nowhere/docker.sock'}})
    expect(runtime.resolve('app')).toEqual({
      runnable: false,
      reason: 'there is no Docker or Podman at unix:///nowhere/docker.sock',
      hint: 'start Docker or Podman, or set DOCKER_HOST',
    })
    await expect(runtime.pull('app', 'Always')).rejects.toMatchObject({reason: 'ErrImagePull'})
    await runtime.close()
  })
})

describe('what an engine is told', () => {
  const {request} = startRequest(
    'app:v1',
    {TARGET: 'x'},
    {command: ['serve'], args: ['--fast'], ports: [8080, 9090]},
  )
  const ports = new Map([
    [8080, 40_001],
    [9090, 40_002],
  ])

  test('publishes ports on the loopback address alone', () => {
    const config = makeContainerConfig(request, ports, 'published', {owner: '1:2'})
    expect(config).toMatchObject({
      Image: 'app:v1',
      Entrypoint: ['serve'],
      Cmd: ['--fast'],
      Env: ['PORT=8080', 'TARGET=x'],
      ExposedPorts: {'8080/tcp': {}, '9090/tcp': {}},
      HostConfig: {
        PortBindings: {
          '8080/tcp': [{HostIp: '127.0.0.1', HostPort: '40001'}],
          '9090/tcp': [{HostIp: '127.0.0.1', HostPort: '40002'}],
        },
      },
      Labels: {'dev.kntool.owner': '1:2', 'io.kubernetes.pod.name': 'hello'},
    })
  })

  test('gives a container its own port where it shares the network of this machine', () => {
    const config = makeContainerConfig(request, ports, 'host', {owner: '1:2'})
    expect(config.Env).toEqual(['HOSTNAME=hello', 'PORT=40001', 'TARGET=x'])
    expect(config.HostConfig).toEqual({NetworkMode: 'host'})
    expect(config.ExposedPorts).toBeUndefined()
  })

  test('leaves to the image what the container does not say', () => {
    const plain = startRequest('app:v1').request
    const config = makeContainerConfig(plain, new Map(), 'published', {owner: ''})
    expect([config.Entrypoint, config.Cmd, config.WorkingDir]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

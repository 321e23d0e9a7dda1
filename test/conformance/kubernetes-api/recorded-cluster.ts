import type {HandlerImage} from '../../../src/index.ts'
import type {EmbeddedCluster} from '../../../src/local/cluster.ts'
import {startCluster} from '../../../src/local/start-cluster.ts'
import {FakeClock} from '../../../src/util/fake-clock.ts'
import type {ReplayTarget} from '../../support/golden-http.ts'

const greet: HandlerImage = () => new Response('Hello Go Sample v1!\n')

/** The images of the recordings; every one of them answers. */
const IMAGES: Record<string, HandlerImage> = {
  'docker.io/library/nginx*': greet,
  'docker.io/library/busybox*': greet,
  'ghcr.io/knative/helloworld-go*': greet,
}

/** A whole cluster behind HTTPS, on a clock that only the replay advances. */
export interface RecordedCluster {
  readonly cluster: EmbeddedCluster
  readonly target: ReplayTarget
  stop(): Promise<void>
}

/** Lets time pass until something is done. */
async function passTime<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  while (!isDone) await clock.advance(100)
  return done
}

/** Starts the cluster as the recorded one was set up. */
export async function startRecordedCluster(): Promise<RecordedCluster> {
  const clock = new FakeClock()
  const starting = startCluster({
    clock,
    domain: 'knative.example.com',
    handlers: IMAGES,
    listen: {},
  })
  // Starting waits for probes, and probes wait for the clock.
  const cluster = await passTime(clock, starting)
  return {
    cluster,
    stop: () => passTime(clock, cluster.stop()),
    target: {
      port: Number(new URL(cluster.apiUrl ?? '').port),
      ca: certificateOf(cluster),
      token: tokenOf(cluster),
      async wait(durationMs) {
        for (let passed = 0; passed < durationMs; passed += 50) await clock.advance(50)
        await clock.advance(0)
      },
    },
  }
}

function certificateOf({kubeconfig = ''}: EmbeddedCluster): string {
  const data = /certificate-authority-data: (\S+)/.exec(kubeconfig)?.[1] ?? ''
  return Buffer.from(data, 'base64').toString('utf8')
}

function tokenOf({kubeconfig = ''}: EmbeddedCluster): string {
  return (/token: (\S+)/.exec(kubeconfig)?.[1] ?? '').replaceAll('"', '')
}

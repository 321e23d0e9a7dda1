/** The files of the releases, applied with real kubectl as the walkthrough does, twice in a row. */
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {genuineManifestPath} from '../support/genuine-manifests.ts'
import {KubectlCluster} from '../support/kubectl.ts'
import {KUBECTL, needs, RELEASE_FILES} from '../support/requirements.ts'

const FILES = ['serving-crds.yaml', 'serving-core.yaml', 'istio.yaml', 'net-istio.yaml']
const ALL_FILES = FILES.flatMap((file) => ['-f', genuineManifestPath(file)])

/** The arguments of `kubectl apply`, in the order of the walkthrough. */
const STEPS = [
  ['-f', genuineManifestPath('serving-crds.yaml')],
  ['-f', genuineManifestPath('serving-core.yaml')],
  ['-l', 'knative.dev/crd-install=true', '-f', genuineManifestPath('istio.yaml')],
  ['-f', genuineManifestPath('istio.yaml')],
  ['-f', genuineManifestPath('net-istio.yaml')],
]

/** What kubectl says when it takes over something that it did not create. */
const TAKES_OVER = /^Warning: resource \S+ is missing the kubectl.kubernetes.io\/last-applied/

describe('the release manifests apply', needs(KUBECTL, RELEASE_FILES), () => {
  describe.each([
    ['client-side', []],
    ['server-side', ['--server-side']],
  ])('%s', (_, how) => {
    let kubectl: KubectlCluster
    beforeAll(async () => {
      kubectl = await KubectlCluster.start()
    })
    afterAll(() => kubectl.stop())

    /** Applies everything; answers what kubectl complained of. */
    async function applyAll(): Promise<string[]> {
      const complaints: string[] = []
      for (const step of STEPS) {
        const {status, stderr} = await kubectl.run(['apply', ...how, ...step])
        complaints.push(...stderr.split('\n').filter((line) => line !== ''))
        if (status !== 0) complaints.push(`kubectl apply ${step.join(' ')} ended with ${status}`)
      }
      await kubectl.cluster.settled()
      return complaints
    }

    async function versions(): Promise<Record<string, string>> {
      const {stdout} = await kubectl.run(['get', ...ALL_FILES, '-o', 'json'])
      const {items} = JSON.parse(stdout) as {
        items: {
          kind: string
          metadata: {namespace?: string; name: string; resourceVersion: string}
        }[]
      }
      return Object.fromEntries(
        items.map(({kind, metadata: {namespace = '', name, resourceVersion}}) => [
          `${kind} ${namespace}/${name}`,
          resourceVersion,
        ]),
      )
    }

    test('cleanly', async () => {
      const complaints = await applyAll()
      expect(complaints.filter((line) => !TAKES_OVER.test(line))).toEqual([])
    })

    test('a second time, and nothing changes', async () => {
      const before = await versions()
      expect(Object.keys(before).length).toBeGreaterThan(100)
      expect(await applyAll()).toEqual([])
      expect(await versions()).toEqual(before)
    })

    test('and are what is there then', async () => {
      expect(await kubectl.run(['diff', ...how, ...ALL_FILES])).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      })
    })

    test('and every workload runs', async () => {
      for (const namespace of ['knative-serving', 'istio-system']) {
        const which = ['deployment', '--all', '-n', namespace]
        const until = ['--for=condition=Available', '--timeout=120s']
        const {status, stderr} = await kubectl.run(['wait', ...which, ...until])
        expect({status, stderr}).toEqual({status: 0, stderr: ''})
      }
    })
  })
})

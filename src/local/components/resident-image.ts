import type {ComponentImage} from '../../kubernetes/runtimes/component/component-runtime.ts'

/**
 * Components that work in this process from its start, whoever looks at their pods: the pod stands
 * for them, is ready because they are, and its log is theirs.
 */
export function residentImages(logs: ComponentLogs): ComponentImage[] {
  return RESIDENTS.map(([name, images]) => ({
    name,
    images,
    start({log}) {
      const end = logs.follow(name, (line) => log('stdout', `${line}\n`))
      return {ready: () => true, stop: end}
    },
  }))
}

const SERVING = 'gcr.io/knative-releases/knative.dev/serving/cmd'
const NET_ISTIO = 'gcr.io/knative-releases/knative.dev/net-istio/cmd'

const RESIDENTS: readonly (readonly [name: string, images: readonly string[]])[] = [
  ['autoscaler', [`${SERVING}/autoscaler:*`, `${SERVING}/autoscaler@*`]],
  ['autoscaler-hpa', [`${SERVING}/autoscaler-hpa*`]],
  ['controller', [`${SERVING}/controller*`]],
  ['webhook', [`${SERVING}/webhook*`]],
  ['net-istio-controller', [`${NET_ISTIO}/controller*`]],
  ['net-istio-webhook', [`${NET_ISTIO}/webhook*`]],
  ['istiod', ['docker.io/istio/pilot*', 'gcr.io/istio-release/pilot*', 'istio/pilot*']],
]

/** Lines of the components of this process, on their way to the pods that stand for them. */
export class ComponentLogs {
  readonly #followers = new Map<string, Set<(line: string) => void>>()
  readonly #all: (component: string, line: string) => void

  /** `all` sees every line of every component. */
  constructor(all: (component: string, line: string) => void = () => undefined) {
    this.#all = all
  }

  /** Takes a line of a component, without a newline. */
  write(component: string, line: string): void {
    this.#all(component, line)
    for (const follower of this.#followers.get(component) ?? []) follower(line)
  }

  /** Calls `follower` with each line of a component; call the result to end that. */
  follow(component: string, follower: (line: string) => void): () => void {
    const followers = this.#followers.get(component) ?? new Set()
    this.#followers.set(component, followers.add(follower))
    return () => void followers.delete(follower)
  }
}

import {findFreePort, isPortFree} from './free-port.ts'
import type {Sandbox, StartRequest} from './runtime.ts'

/**
 * Which port of this machine stands for which container port, for each pod.
 *
 * A container keeps its ports when it is started again: whoever found it there finds it again. A
 * port that somebody else took meanwhile is replaced.
 */
export class SandboxPorts {
  readonly #assigned = new WeakMap<Sandbox, Map<number, number>>()

  /** The host port of each port the container declares, free at this moment. */
  async assign({
    sandbox,
    ports,
  }: Pick<StartRequest, 'sandbox' | 'ports'>): Promise<ReadonlyMap<number, number>> {
    const assigned = this.#assigned.get(sandbox) ?? new Map<number, number>()
    this.#assigned.set(sandbox, assigned)
    const own = new Map<number, number>()
    for (const port of ports) {
      const before = assigned.get(port)
      const hostPort =
        before !== undefined && (await isPortFree(before)) ? before : await findFreePort()
      assigned.set(port, hostPort)
      own.set(port, hostPort)
    }
    return own
  }
}

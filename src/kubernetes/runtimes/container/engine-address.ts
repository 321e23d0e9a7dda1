import {statSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

/** Where a container engine is reached. */
export type EngineAddress =
  | {readonly kind: 'socket'; readonly path: string; readonly engine: EngineName}
  | {
      readonly kind: 'tcp'
      readonly host: string
      readonly port: number
      readonly engine: EngineName
    }

/** Whose socket it is, as far as its place tells. */
type EngineName = 'docker' | 'podman'

/** The settings that say where an engine is. */
export interface EngineEnvironment {
  readonly DOCKER_HOST?: string
  readonly CONTAINER_HOST?: string
  readonly XDG_RUNTIME_DIR?: string
}

/**
 * Where an engine may be, in the order in which it is looked for: what the user set, then the usual
 * places of Docker, then those of Podman.
 */
export function engineCandidates(
  env: EngineEnvironment,
  home = homedir(),
  uid = process.getuid?.() ?? 0,
): EngineAddress[] {
  const set = [
    parseAddress(env.DOCKER_HOST, 'docker'),
    parseAddress(env.CONTAINER_HOST, 'podman'),
  ].filter((address) => address !== undefined)
  // Whoever names an engine wants that one or none.
  if (set.length > 0) return set
  const runtimeDir = env.XDG_RUNTIME_DIR ?? `/run/user/${uid}`
  return [
    socket('/var/run/docker.sock', 'docker'),
    socket(join(home, '.docker', 'run', 'docker.sock'), 'docker'),
    socket(join(runtimeDir, 'docker.sock'), 'docker'),
    socket(join(runtimeDir, 'podman', 'podman.sock'), 'podman'),
    socket('/run/podman/podman.sock', 'podman'),
  ]
}

/** The first candidate that is there. Nothing is asked: a socket may still refuse. */
export function findEngine(candidates: readonly EngineAddress[]): EngineAddress | undefined {
  return candidates.find((address) => address.kind === 'tcp' || isSocket(address.path))
}

/** `unix:///var/run/docker.sock`, for messages. */
export function formatAddress(address: EngineAddress): string {
  return address.kind === 'tcp' ? `tcp://${address.host}:${address.port}` : `unix://${address.path}`
}

function socket(path: string, engine: EngineName): EngineAddress {
  return {kind: 'socket', path, engine}
}

/** Understands `unix://` and `tcp://`; what it does not understand is as if it were not set. */
function parseAddress(text: string | undefined, engine: EngineName): EngineAddress | undefined {
  if (text?.startsWith('unix://')) return socket(text.slice('unix://'.length), engine)
  const match = /^(?:tcp|http):\/\/([^:/]+):(\d+)\/?$/.exec(text ?? '')
  if (match === null) return undefined
  return {kind: 'tcp', host: match[1] ?? '', port: Number(match[2]), engine}
}

function isSocket(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isSocket() ?? false
}

import {networkInterfaces} from 'node:os'
import type {Bridge} from '../runtime.ts'
import type {EngineAddress} from './engine-address.ts'
import type {Engine} from './engine.ts'

/**
 * The bridge that containers with published ports are on, where it is one of this machine, so that
 * this program can be reached on it. Undefined for engines in a virtual machine, without rights, or
 * elsewhere.
 */
export async function findBridge(
  engine: Engine,
  address: EngineAddress,
): Promise<Bridge | undefined> {
  if (process.platform !== 'linux' || address.kind !== 'socket') return undefined
  try {
    const {IPAM} = (await engine.getNetwork('bridge').inspect()) as NetworkInspection
    const [subnet = '', prefix = ''] = IPAM?.Config?.[0]?.Subnet?.split('/') ?? []
    const gateway = IPAM?.Config?.[0]?.Gateway ?? ''
    if (gateway === '' || subnet === '' || prefix === '') return undefined
    if (!hasAddress(gateway) && !(await makesItLater(engine))) return undefined
    return {address: gateway, subnet, prefix: Number(prefix)}
  } catch {
    return undefined
  }
}

interface NetworkInspection {
  readonly IPAM?: {
    readonly Config?: readonly {readonly Subnet?: string; readonly Gateway?: string}[]
  }
}

function hasAddress(address: string): boolean {
  return Object.values(networkInterfaces())
    .flat()
    .some((own) => own?.address === address)
}

/** Podman makes its bridge with the first container; without rights, in a namespace of its own. */
async function makesItLater(engine: Engine): Promise<boolean> {
  const {Components = []} = (await engine.version()) as {Components?: {Name: string}[]}
  if (!Components.some(({Name}) => Name.startsWith('Podman'))) return false
  const {SecurityOptions = []} = (await engine.info()) as {SecurityOptions?: string[]}
  return !SecurityOptions.some((option) => option.includes('rootless'))
}

import {
  arch,
  availableParallelism,
  hostname,
  platform,
  release,
  totalmem,
  type,
  version,
} from 'node:os'
import type {NodeFacts} from './node.ts'

const ARCHITECTURES: Readonly<Record<string, string>> = {x64: 'amd64', ia32: '386'}

/** This machine as the node of a cluster. Its address is the only one anything of it listens on. */
export function machineFacts(name = 'kntool'): NodeFacts {
  return {
    name,
    address: '127.0.0.1',
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    architecture: ARCHITECTURES[arch()] ?? arch(),
    operatingSystem: platform(),
    osImage: `${type()} on ${hostname()}`,
    kernelVersion: platform() === 'linux' ? release() : version(),
    kubeletVersion: 'v1.36.2+kntool',
    containerRuntimeVersion: 'kntool://1.0.0',
  }
}

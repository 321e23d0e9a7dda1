/** Flags for the fields of Knative Serving that kn leaves to YAML files, in the style of its own. */
import * as Flags from '@oclif/core/flags'
import type {Container} from '../../api/core/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {integerFlag} from './common-flags.ts'
import {parseDocuments, readInput} from '../input-files.ts'

/** Of the container. */
export const servingContainerFlags = {
  'probe-startup': Flags.string({
    summary: 'As --probe-liveness, until the program has started (Knative 1.15 and later)',
    helpValue: 'PROBE',
  }),
  'probe-startup-opts': Flags.string({
    summary: 'As --probe-liveness-opts, for the start',
    helpValue: 'OPTIONS',
  }),
}

/** Of the pod, its scale and its traffic. */
export const servingFlags = {
  'init-containers': Flags.string({
    summary: 'File with containers that run before the program; - for standard input',
    helpValue: 'FILE',
  }),
  'timeout-response-start': integerFlag({
    summary: 'Seconds until the response has to begin',
    helpValue: 'SECONDS',
  }),
  'timeout-idle': integerFlag({
    summary: 'Seconds a request may go on without a byte sent or received',
    helpValue: 'SECONDS',
  }),
  'scale-down-delay': Flags.string({
    summary: 'How long fewer replicas have to be enough before there are fewer: 15m',
    helpValue: 'DURATION',
  }),
  'scale-pod-retention': Flags.string({
    summary: 'How long the last replica stays before there is none: 5m',
    helpValue: 'DURATION',
  }),
  'scale-aggregation': Flags.string({
    summary: 'How the metric is averaged over the window: linear or weighted-exponential',
    helpValue: 'ALGORITHM',
    options: ['linear', 'weighted-exponential'],
  }),
  'scale-burst-capacity': integerFlag({
    summary: 'Requests at once that there has to be room for; 0: no buffering, -1: always',
    helpValue: 'N',
  }),
  'scale-panic-window': integerFlag({
    summary: 'Window for sudden load, in percent of --scale-window (default: 10)',
    helpValue: 'PERCENT',
  }),
  'scale-panic-threshold': integerFlag({
    summary: 'Load that counts as sudden, in percent of the target (default: 200)',
    helpValue: 'PERCENT',
  }),
  'rollout-duration': Flags.string({
    summary: 'Time over which traffic moves to a new latest revision: 10m',
    helpValue: 'DURATION',
  }),
}

/** The `initContainers` of the pod spec in a file, or its `containers` if it has no others. */
export async function readInitContainers(path: string): Promise<Container[]> {
  const [document] = await parseDocuments(await readInput(path, '--init-containers'), path)
  const {initContainers, containers} = (document ?? {}) as Record<string, unknown>
  const found = initContainers ?? containers
  if (Array.isArray(found)) return found as Container[]
  throw new KntoolError(
    'KN_USAGE',
    `Invalid --init-containers: ${path} has no list "initContainers", as a pod spec has.`,
  )
}

import {join} from 'node:path'
import {
  type ComponentImage,
  ComponentRuntime,
} from '../kubernetes/runtimes/component/component-runtime.ts'
import {EngineRuntime} from '../kubernetes/runtimes/container/container-runtime.ts'
import {HandlerRuntime} from '../kubernetes/runtimes/handler/handler-runtime.ts'
import {readImagesFile} from '../kubernetes/runtimes/process/images-file.ts'
import {ProcessRuntime} from '../kubernetes/runtimes/process/process-runtime.ts'
import type {ContainerRuntime} from '../kubernetes/runtimes/runtime.ts'
import {SystemClock} from '../util/clock.ts'
import {packageRoot} from '../util/package-root.ts'
import type {ClusterOptions} from './cluster.ts'

/**
 * The runtimes of a cluster, in the order they are asked for an image: components of this program,
 * functions, processes, containers.
 *
 * Throws `KN_CONFIG_INVALID` when an images file cannot be used.
 */
export async function createRuntimes(
  options: ClusterOptions,
  images: readonly ComponentImage[],
): Promise<ContainerRuntime[]> {
  const {imagesFile, processesDir, handlers = {}, runtime = 'auto'} = options
  const runtimes: ContainerRuntime[] = [new ComponentRuntime(images), new HandlerRuntime(handlers)]
  if (runtime !== 'container') {
    const shipped = join(packageRoot(), 'templates', 'local', 'images.yaml')
    const paths = imagesFile === undefined ? [shipped] : [imagesFile, shipped]
    runtimes.push(
      new ProcessRuntime({
        files: await Promise.all(paths.map(readImagesFile)),
        // Processes live by the machine's time, also where the cluster's stands still.
        clock: new SystemClock(),
        ...(processesDir !== undefined && {recordDirectory: processesDir}),
      }),
    )
  }
  if (runtime !== 'process') runtimes.push(new EngineRuntime())
  return runtimes
}

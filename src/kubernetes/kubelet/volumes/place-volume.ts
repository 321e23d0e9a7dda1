import {chmod, mkdir, stat} from 'node:fs/promises'
import {VolumeError} from './collect-files.ts'
import type {Volume} from './volume-source.ts'

/**
 * Makes the directory of a volume and answers where it is: in `directory`, or where a `hostPath`
 * says.
 *
 * @throws VolumeError for kinds of volumes that this node has not.
 */
export async function placeVolume(volume: Volume, directory: string): Promise<string> {
  const {name, hostPath, emptyDir, configMap, secret, downwardAPI, projected} = volume
  if (hostPath !== undefined) return checkHostPath(hostPath.path, hostPath.type ?? '')
  if (emptyDir !== undefined) {
    await mkdir(directory, {recursive: true})
    // Whatever user the program runs as; the umask cuts the mode of a new directory.
    await chmod(directory, 0o777)
    return directory
  }
  if ((configMap ?? secret ?? downwardAPI ?? projected) !== undefined) {
    await mkdir(directory, {recursive: true, mode: 0o755})
    return directory
  }
  const kind = Object.keys(volume).find((field) => field !== 'name') ?? name
  throw new VolumeError(
    `volumes of kind ${kind} are not available on this node; use emptyDir or hostPath instead`,
  )
}

/** Counterpart of kubernetes `pkg/volume/hostpath` checkType. */
async function checkHostPath(path: string, type: string): Promise<string> {
  if (type === '') return path
  if (type === 'DirectoryOrCreate') {
    await mkdir(path, {recursive: true})
    return path
  }
  const found = await stat(path).catch(() => undefined)
  if (type === 'Directory' && found?.isDirectory() !== true) {
    throw new VolumeError(`hostPath type check failed: ${path} is not a directory`)
  }
  if (type === 'File' && found?.isFile() !== true) {
    throw new VolumeError(`hostPath type check failed: ${path} is not a file`)
  }
  if (type === 'Socket' && found?.isSocket() !== true) {
    throw new VolumeError(`hostPath type check failed: ${path} is not a socket file`)
  }
  return path
}

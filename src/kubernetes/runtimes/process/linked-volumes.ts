import {mkdir, readlink, realpath, rm, symlink} from 'node:fs/promises'
import {join, posix} from 'node:path'
import {makeInside} from '../../../util/make-inside.ts'
import {messageOf} from '../../../util/message-of.ts'
import {ContainerStartError, type ContainerVolumes, type StartRequest} from '../runtime.ts'

/** The variable that names the directory below which a process finds its volumes. */
const VOLUMES_VARIABLE = 'KNTOOL_VOLUMES'

type CommandOfSpec = Pick<StartRequest, 'command' | 'args'>

/** Puts the paths of this machine where a container's spec says paths of its own. */
export interface VolumePaths {
  /** One that is a path of a volume, or `--flag=` with one. */
  inText(text: string): string
  inEnvironment(env: Readonly<Record<string, string>>): Record<string, string>
  /** The command and arguments of the spec. */
  inRequest(request: CommandOfSpec): CommandOfSpec
  /** The words of a command that is run beside the container. */
  inCommand(words: readonly string[]): string[]
}

/**
 * Shows a process its volumes. It has no file system of its own, so that nothing can be mounted at
 * `/etc/config`: what would be there is at `$KNTOOL_VOLUMES/etc/config`, and where the pod's spec
 * itself says `/etc/config/app.yaml`, in a command, an argument or a variable, the process is given
 * the path that is true for it.
 *
 * @throws ContainerStartError where a path cannot be shown within the pod's own directory.
 */
export async function linkVolumes(volumes: ContainerVolumes | undefined): Promise<VolumePaths> {
  if (volumes === undefined || volumes.mounts.length === 0) return makePaths('', [])
  const root = join(volumes.directory, 'root')
  await mkdir(volumes.directory, {recursive: true})
  const podDirectory = await realpath(volumes.podDirectory)
  // Outer ones first: what is mounted inside of another volume is linked into that.
  const byLength = volumes.mounts
    .map((mount) => ({...mount, path: cleanPath(mount.mountPath)}))
    .toSorted((a, b) => a.path.length - b.path.length)
  for (const {mountPath, path, source} of byLength) {
    try {
      await link(join(root, path), source, podDirectory)
    } catch (cause) {
      throw new ContainerStartError(
        `failed to show the volume that is mounted at ${JSON.stringify(mountPath)}: ${messageOf(cause)}`,
        {cause},
      )
    }
  }
  return makePaths(
    root,
    byLength.map(({path}) => path),
  )
}

/** Absolute, without `..`, which ends at the root as it does in a container's own file system. */
function cleanPath(mountPath: string): string {
  return trimSlash(posix.join('/', mountPath))
}

/** Makes `path` a link to `source`. What a program put in the way must not lead out of the pod. */
async function link(path: string, source: string, podDirectory: string): Promise<void> {
  const parent = await makeInside(posix.dirname(trimSlash(path)), podDirectory, 0o755)
  if (parent === undefined) {
    throw new Error('it would have to be put into a directory that does not go with the pod')
  }
  const own = join(parent, posix.basename(path))
  const before = await readlink(own).catch(() => undefined)
  // A container that is started again finds its links.
  if (before === source) return
  if (before !== undefined) await rm(own)
  await symlink(source, own)
}

function makePaths(root: string, mountPaths: readonly string[]): VolumePaths {
  const isInside = (path: string): boolean =>
    mountPaths.some((mount) => path === mount || path.startsWith(mount === '/' ? '/' : `${mount}/`))
  const inText = (text: string): string => {
    const at = text.indexOf('/')
    const [before, path] = [text.slice(0, at), text.slice(at)]
    if (at < 0 || (before !== '' && !/^-{0,2}[\w.-]+=$/.test(before))) return text
    const clean = posix.normalize(path)
    return isInside(clean) ? before + root + clean : text
  }
  const inWords = (words: readonly string[]): string[] => words.map(inText)
  return {
    inText,
    inEnvironment: (env) =>
      mountPaths.length === 0
        ? {...env}
        : {
            ...Object.fromEntries(Object.entries(env).map(([key, value]) => [key, inText(value)])),
            [VOLUMES_VARIABLE]: root,
          },
    inRequest: ({command, args}) => ({
      ...(command !== undefined && {command: inWords(command)}),
      ...(args !== undefined && {args: inWords(args)}),
    }),
    inCommand: (words) =>
      words[0] === 'tar' ? inTar(words, {root, isInside, mountPaths}) : inWords(words),
  }
}

/**
 * `kubectl cp` runs `tar cf - PATH` and expects members that are named after the path, so that tar is
 * sent to the directory of the volumes instead. A volume itself is a link there, whose content counts.
 */
function inTar(
  words: readonly string[],
  {
    root,
    isInside,
    mountPaths,
  }: {
    readonly root: string
    readonly isInside: (path: string) => boolean
    readonly mountPaths: readonly string[]
  },
): string[] {
  return words.flatMap((original, index) => {
    const word = posix.normalize(original)
    if (!isInside(word)) return [original]
    if (words[index - 1] === '-C') return [root + word]
    const relative = word.slice(1)
    return [
      '-C',
      root,
      mountPaths.includes(trimSlash(word)) ? `${trimSlash(relative)}/.` : relative,
    ]
  })
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

import {lstat, mkdir, symlink} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {ContainerVolumes, StartRequest} from '../runtime.ts'

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
 */
export async function linkVolumes(volumes: ContainerVolumes | undefined): Promise<VolumePaths> {
  if (volumes === undefined || volumes.mounts.length === 0) return makePaths('', [])
  const root = join(volumes.directory, 'root')
  // Outer ones first: what is mounted inside of another volume is linked into that.
  const byLength = volumes.mounts.toSorted((a, b) => a.mountPath.length - b.mountPath.length)
  for (const {mountPath, source} of byLength) {
    const link = join(root, mountPath)
    await mkdir(dirname(link), {recursive: true})
    // A container that is started again finds its links.
    const isThere = await lstat(link).catch(() => undefined)
    if (isThere === undefined) await symlink(source, link)
  }
  return makePaths(
    root,
    byLength.map(({mountPath}) => trimSlash(mountPath)),
  )
}

function makePaths(root: string, mountPaths: readonly string[]): VolumePaths {
  const isInside = (path: string): boolean =>
    mountPaths.some((mount) => path === mount || path.startsWith(`${mount}/`))
  const inText = (text: string): string => {
    const at = text.indexOf('/')
    const [before, path] = [text.slice(0, at), text.slice(at)]
    if (at < 0 || (before !== '' && !/^-{0,2}[\w.-]+=$/.test(before))) return text
    return isInside(path) ? before + root + path : text
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
  return words.flatMap((word, index) => {
    if (!isInside(word)) return [word]
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

import {spawn} from 'node:child_process'

/** The program that opens a URL in the browser of a person, with its arguments. No shell. */
export function browserCommand(
  url: string,
  {platform, env}: {platform: string; env: Readonly<Record<string, string | undefined>>},
): readonly [command: string, ...args: string[]] | undefined {
  switch (platform) {
    case 'darwin':
      return ['open', url]
    case 'win32':
      // `start` is a word of the shell only.
      return ['rundll32', 'url.dll,FileProtocolHandler', url]
    default: {
      const hasScreen = Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? env['WSL_DISTRO_NAME'])
      return hasScreen || env['BROWSER'] ? ['xdg-open', url] : undefined
    }
  }
}

/**
 * Opens a URL in the browser of this machine. Resolves with false where there is none; what becomes
 * of the browser is not waited for.
 */
export async function openBrowser(
  url: string,
  surroundings: {platform: string; env: Readonly<Record<string, string | undefined>>},
): Promise<boolean> {
  const [command, ...args] = browserCommand(url, surroundings) ?? []
  if (command === undefined) return false
  const child = spawn(command, args, {detached: true, stdio: 'ignore', env: surroundings.env})
  child.unref()
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(true))
    child.once('error', () => resolve(false))
  })
}

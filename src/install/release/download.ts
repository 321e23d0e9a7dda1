import {KntoolError} from '../../errors/kntool-error.ts'
import {type Clock, sleep} from '../../util/clock.ts'

/** How a file is fetched. */
export interface DownloadOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Told with every piece: bytes so far, and all of them if the server says. */
  readonly onProgress?: (bytes: number, totalBytes: number | undefined) => void
  readonly onRetry?: (why: string) => void
}

const ATTEMPTS = 4
const FIRST_DELAY_MS = 500
const ATTEMPT_TIMEOUT_MS = 60_000
// The biggest release file has half a megabyte.
const MAX_BYTES = 32 * 1024 * 1024

/**
 * Fetches a text over HTTP(S), by the proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`) if there
 * is one. What may pass by itself is tried again.
 *
 * Throws `KN_NOT_FOUND` for 404, `KN_UNREACHABLE` when nothing came, `KN_CONFIG_INVALID` for an
 * address that is none.
 */
export async function download(url: string, options: DownloadOptions): Promise<string> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new KntoolError('KN_CONFIG_INVALID', `"${url}" is not an address of the web.`)
  }
  let delayMs = FIRST_DELAY_MS
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(url, options)
    } catch (error) {
      const passes = !(error instanceof KntoolError) || error.details['passes'] === true
      if (!passes || attempt === ATTEMPTS || options.signal.aborted) throw explained(url, error)
      options.onRetry?.(reasonOf(error))
      await sleep(options.clock, delayMs, options.signal)
      delayMs *= 2
    }
  }
}

async function fetchOnce(url: string, options: DownloadOptions): Promise<string> {
  const {EnvHttpProxyAgent, fetch} = await import('undici')
  const giveUp = new AbortController()
  const timer = options.clock.after(ATTEMPT_TIMEOUT_MS, () =>
    giveUp.abort(new Error(`nothing came within ${ATTEMPT_TIMEOUT_MS / 1000} s`)),
  )
  const dispatcher = new EnvHttpProxyAgent()
  try {
    const response = await fetch(url, {
      dispatcher,
      signal: AbortSignal.any([options.signal, giveUp.signal]),
      headers: {accept: 'application/yaml, text/plain, */*'},
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw statusError(url, response.status)
    }
    return await readText(url, response, options)
  } finally {
    timer.cancel()
    await dispatcher.close()
  }
}

async function readText(
  url: string,
  response: {
    headers: {get(name: string): string | null}
    body: AsyncIterable<Uint8Array> | null
  },
  {onProgress}: DownloadOptions,
): Promise<string> {
  const length = response.headers.get('content-length')
  const encoded = response.headers.get('content-encoding') !== null
  const total = length === null || encoded ? undefined : Number(length)
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_BYTES) {
      throw new KntoolError('KN_CONFIG_INVALID', `${url} is larger than ${MAX_BYTES >> 20} MB.`)
    }
    chunks.push(chunk)
    onProgress?.(bytes, total)
  }
  if (total !== undefined && bytes !== total) {
    throw new Error(`the answer ended after ${bytes} of ${total} bytes`)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function statusError(url: string, status: number): KntoolError {
  if (status === 404) {
    return new KntoolError('KN_NOT_FOUND', `There is no ${url} (404).`, {
      hint: ['Check the version: --knative-version', 'Or use files of your own: --manifests DIR'],
      details: {url, status},
    })
  }
  const passes = status === 429 || status >= 500
  return new KntoolError('KN_UNREACHABLE', `${url} answered ${status}.`, {
    hint: 'Or use files of your own: --manifests DIR',
    details: {url, status, passes},
  })
}

function explained(url: string, error: unknown): KntoolError {
  if (error instanceof KntoolError) return error
  return new KntoolError('KN_UNREACHABLE', `Cannot fetch ${url}: ${reasonOf(error)}.`, {
    hint: [
      'Behind a proxy: export HTTPS_PROXY=http://proxy:3128',
      'Without the internet: bring the release files in a folder and give --manifests DIR',
    ],
    details: {url},
    cause: error,
  })
}

// undici wraps the reason in "fetch failed".
function reasonOf(error: unknown): string {
  const {cause, message} = error as Error & {cause?: unknown}
  if (cause instanceof Error) {
    const {code} = cause as NodeJS.ErrnoException
    return cause.message || code || message
  }
  return message
}

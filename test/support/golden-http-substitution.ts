/**
 * What a server makes up (uids, versions, tokens, generated names) is another thing each time: later
 * recorded requests name the recorded ones, and get those of the live server instead.
 */
import {isJsonObject} from '../../src/util/json.ts'
import type {RecordedRequest} from './golden-http-recording.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Learns from pairs of answers what the live server calls things. */
export class Substitution {
  readonly #uids = new Map<string, string>()
  readonly #objectVersions = new Map<string, string>()
  readonly #listVersions = new Map<string, string>()
  readonly #tokens = new Map<string, string>()
  readonly #names = new Map<string, string>()

  learn(recorded: unknown, live: unknown, key?: string, parent?: unknown): void {
    if (isJsonObject(recorded) && isJsonObject(live)) {
      for (const name of Object.keys(recorded)) {
        if (name in live) this.learn(recorded[name], live[name], name, recorded)
      }
    } else if (Array.isArray(recorded) && Array.isArray(live)) {
      const byIdentity = new Map(live.map((item) => [identityOf(item), item as unknown]))
      recorded.forEach((item, index) => {
        const identity = identityOf(item)
        const same = identity === undefined ? undefined : byIdentity.get(identity)
        const partner = same ?? (live[index] as unknown)
        if (partner !== undefined) this.learn(item, partner)
      })
    } else if (typeof recorded === 'string' && typeof live === 'string' && recorded !== '') {
      this.#learnText(recorded, live, key, parent)
    }
  }

  #learnText(recorded: string, live: string, key: string | undefined, parent: unknown): void {
    const owner = isJsonObject(parent) ? parent : {}
    if (key === 'uid') this.#uids.set(recorded, live)
    else if (key === 'continue') this.#tokens.set(recorded, live)
    else if (key === 'resourceVersion') {
      const isList = !('uid' in owner) && !('name' in owner)
      const versions = isList ? this.#listVersions : this.#objectVersions
      versions.set(recorded, live)
    } else if (key === 'name' && 'generateName' in owner && recorded !== live) {
      this.#names.set(recorded, live)
    }
  }

  /** The path of a request with the live server's tokens, versions, uids and names. */
  path(path: string): string {
    let text = path
    for (const [recorded, live] of this.#tokens) {
      text = text.replaceAll(encodeURIComponent(recorded), encodeURIComponent(live))
    }
    text = text.replace(
      /(resourceVersion=)(\d+)/g,
      (_all, start: string, version: string) =>
        start + (this.#listVersions.get(version) ?? this.#objectVersions.get(version) ?? version),
    )
    return this.#text(text)
  }

  /** The bytes of a request's body. */
  body({body, bodyBase64}: RecordedRequest): Uint8Array | undefined {
    if (typeof bodyBase64 === 'string') return Buffer.from(bodyBase64, 'base64')
    if (body === undefined || body === null) return undefined
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const substituted = this.#text(text).replace(
      /("resourceVersion":\s*")(\d+)"/g,
      (_all, start: string, version: string) =>
        `${start}${this.#objectVersions.get(version) ?? this.#listVersions.get(version) ?? version}"`,
    )
    return Buffer.from(substituted)
  }

  #text(text: string): string {
    let result = text.replace(UUID, (uid) => this.#uids.get(uid) ?? uid)
    for (const [recorded, live] of this.#names) {
      result = result.replace(new RegExp(`(?<![a-z0-9-])${recorded}(?![a-z0-9-])`, 'g'), live)
    }
    return result
  }
}

function identityOf(item: unknown): string | undefined {
  if (!isJsonObject(item)) return undefined
  const inner = isJsonObject(item['object']) ? item['object'] : undefined
  const meta = item['metadata'] ?? inner?.['metadata']
  if (!isJsonObject(meta) || typeof meta['name'] !== 'string') return undefined
  return JSON.stringify([item['kind'], meta['namespace'], meta['name']])
}

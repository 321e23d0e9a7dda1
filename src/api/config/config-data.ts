/**
 * Reads single keys of a ConfigMap's `data` by Go's rules.
 *
 * Counterpart of knative.dev/pkg `configmap.Parse` and its `As…` functions. Each method takes the
 * keys from the oldest spelling to the newest: the last one present wins, every one must parse.
 */
import {messageOf} from '../../util/message-of.ts'
import {parseDuration} from '../../util/duration.ts'
import {canonicalQuantity} from '../../util/quantity.ts'
import {atoi, parseBool, parseFloat64, parseInteger, quote} from '../../util/strconv.ts'

/** The `data` of a ConfigMap. */
export type ConfigData = Readonly<Record<string, string>>

/** Typed access to a ConfigMap's keys. All methods throw an Error with the text of upstream. */
export class ConfigReader {
  readonly #data: ConfigData

  constructor(data: ConfigData) {
    this.#data = data
  }

  /** The raw text of the newest spelling present. */
  raw(...keys: string[]): string | undefined {
    let found: string | undefined
    for (const key of keys) found = this.#own(key) ?? found
    return found
  }

  string(keys: string | string[], fallback: string): string {
    return this.#parse(keys, fallback, (text) => text)
  }

  /** Unlike the others, a bad boolean does not name its key; upstream forgets it too. */
  boolean(keys: string | string[], fallback: boolean): boolean {
    return this.#parse(keys, fallback, parseBool)
  }

  float(keys: string | string[], fallback: number): number {
    return this.#parseNamed(keys, fallback, parseFloat64)
  }

  int32(keys: string | string[], fallback: number): number {
    return this.#parseNamed(keys, fallback, (text) => parseInteger(text, 32))
  }

  int64(keys: string | string[], fallback: number): number {
    return this.#parseNamed(keys, fallback, (text) => parseInteger(text, 64))
  }

  int(keys: string | string[], fallback: number): number {
    return this.#parseNamed(keys, fallback, atoi)
  }

  /** Milliseconds. */
  duration(keys: string | string[], fallbackMs: number): number {
    return this.#parseNamed(keys, fallbackMs, parseDuration)
  }

  /** The canonical text of a resource quantity. */
  quantity(keys: string | string[], fallback?: string): string | undefined {
    return this.#parseNamed<string | undefined>(keys, fallback, canonicalQuantity)
  }

  /** Comma-separated, spaces around the items dropped. An empty text is the set of one empty item. */
  set(keys: string | string[], fallback: readonly string[]): ReadonlySet<string> {
    return new Set(
      this.#parse(keys, fallback, (text) => text.split(',').map((item) => item.trim())),
    )
  }

  /** One of `choices`, whatever the case; anything else is the fallback. */
  choice<T extends string>(key: string, choices: readonly T[], fallback: T): T {
    const text = this.#own(key)?.toLowerCase()
    return choices.find((choice) => choice.toLowerCase() === text) ?? fallback
  }

  #parse<T>(keys: string | string[], fallback: T, parse: (text: string) => T): T {
    let value = fallback
    for (const key of typeof keys === 'string' ? [keys] : keys) {
      const text = this.#own(key)
      if (text !== undefined) value = parse(text)
    }
    return value
  }

  #parseNamed<T>(keys: string | string[], fallback: T, parse: (text: string) => T): T {
    let value = fallback
    for (const key of typeof keys === 'string' ? [keys] : keys) {
      const text = this.#own(key)
      if (text === undefined) continue
      try {
        value = parse(text)
      } catch (error) {
        throw new Error(`failed to parse ${quote(key)}: ${messageOf(error)}`, {cause: error})
      }
    }
    return value
  }

  /** Guards against keys such as `constructor`. */
  #own(key: string): string | undefined {
    return Object.hasOwn(this.#data, key) ? this.#data[key] : undefined
  }
}

import type {Secret} from '../../api/core/v1.ts'
import {KntoolError} from '../../errors/kntool-error.ts'
import {secretMask} from '../../errors/secret-mask.ts'
import {quote} from '../../util/strconv.ts'
import {TLS_SECRET_TYPE} from '../../api/meta/well-known.ts'

/** What goes into a Secret. */
export interface SecretContent {
  /** `key=value`. */
  readonly literals?: readonly string[] | undefined
  /** Certificate and key of a TLS server, as PEM. */
  readonly tls?: {readonly certificate: string; readonly key: string} | undefined
  /** Else `kubernetes.io/tls` for TLS, and the server's default `Opaque`. */
  readonly type?: string | undefined
}

/**
 * A Secret with values as text, which the server encodes. Throws `KN_USAGE`.
 *
 * Differs from upstream: the certificate is under `tls.crt`, where the server looks for it; kn writes
 * `tls.cert`, which no server accepts.
 */
export function makeSecret(
  key: {namespace: string; name: string},
  {literals = [], tls, type}: SecretContent,
): Secret {
  const stringData = {
    ...parseLiterals(literals),
    ...(tls && {'tls.crt': tls.certificate, 'tls.key': tls.key}),
  }
  secretMask.hideTexts(stringData)
  const chosen = type || (tls && TLS_SECRET_TYPE)
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {...key},
    ...(Object.keys(stringData).length > 0 && {stringData}),
    ...(chosen && {type: chosen}),
  }
}

function parseLiterals(texts: readonly string[]): Record<string, string> {
  const values = new Map<string, string>()
  for (const text of texts) {
    const equals = text.indexOf('=')
    const name = text.slice(0, equals)
    // Never the value: it is a secret.
    if (equals < 0) throw invalid('argument requires a value that contains the "=" character')
    if (name === '') throw invalid('The key is empty')
    if (values.has(name)) throw invalid(`The key ${quote(name)} has been given twice`)
    values.set(name, text.slice(equals + 1))
  }
  return Object.fromEntries(values)
}

function invalid(reason: string): KntoolError {
  return new KntoolError('KN_USAGE', `Invalid --from-literal: ${reason}`)
}

/** A failure that happened before there was an answer, in Go's words, without the URL. */
export function goNetworkError(error: unknown): string {
  const {code, name, message, host, cert} = error as NodeJS.ErrnoException & {
    host?: string
    cert?: {subjectaltname?: string}
  }
  if (name === 'TimeoutError' || name === 'AbortError') return 'context deadline exceeded'
  const {address, port} = error as {address?: string; port?: number}
  switch (code) {
    case 'ECONNREFUSED':
      return `dial tcp ${address}:${port}: connect: connection refused`
    case 'ENOTFOUND':
      return `dial tcp: lookup ${(error as {hostname?: string}).hostname ?? host}: no such host`
    case 'ECONNRESET':
      return 'EOF'
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
      return 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
    case 'CERT_HAS_EXPIRED':
      return 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid'
    case 'ERR_TLS_CERT_ALTNAME_INVALID': {
      const names = (cert?.subjectaltname ?? '').replaceAll(/\b(?:DNS|IP Address):/g, '')
      return `tls: failed to verify certificate: x509: certificate is valid for ${names}, not ${host}`
    }
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return 'http: server gave HTTP response to HTTPS client'
    case undefined:
    default:
      return message
  }
}

/** What client-go makes of an answer that is no success. */
export function answerError(status: number, body: string): string {
  switch (status) {
    case 404:
      return 'the server could not find the requested resource'
    case 405:
      return 'the server does not allow this method on the requested resource'
    case 401:
      return 'the server has asked for the client to provide credentials'
    case 403:
      return 'unknown'
    case 429:
      return 'the server has received too many requests and has asked us to try again later'
    default: {
      const text = body.trim()
      if (status >= 500) {
        return `an error on the server (${JSON.stringify(text === '' ? 'unknown' : text)}) has prevented the request from succeeding`
      }
      return `the server responded with the status code ${status} but did not return more information`
    }
  }
}

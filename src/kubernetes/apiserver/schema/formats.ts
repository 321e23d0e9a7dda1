import {isIP, isIPv4, isIPv6} from 'node:net'

/** Checks by `format`; the ones Kubernetes looks at and CRDs use. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  duration: (text) => /^([0-9]+(\.[0-9]+)?\s*(ns|us|µs|ms|s|m|h|d|w))+$/.test(text) || text === '0',
  byte: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
  uuid: (text) => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text),
  ipv4: (text) => isIPv4(text),
  ipv6: (text) => isIPv6(text),
  cidr: (text) => {
    const [address = '', bits = ''] = text.split('/')
    const kind = isIP(address)
    return kind !== 0 && /^\d+$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128)
  },
  hostname: (text) =>
    text.length <= 253 &&
    /^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$/.test(
      text,
    ),
  uri: (text) => URL.canParse(text),
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
}

/** The name of the format when `text` does not have it; formats nobody knows fit always. */
export function formatProblem(format: string, text: string): string | undefined {
  const fits = FORMATS[format]
  return fits === undefined || fits(text) ? undefined : format
}

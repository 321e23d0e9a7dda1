import {isIP} from 'node:net'
import {invalidValue, type FieldError} from './field-error.ts'

/** What is wrong with the text of an IP address. */
export function validateIp(value: string, path: string): FieldError[] {
  return isIP(value) === 0
    ? [invalidValue(path, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
    : []
}

/** Addresses no endpoint may have, because they mean this machine or many. */
export function validateEndpointIp(value: string, path: string): FieldError[] {
  if (isIP(value) === 0) return [invalidValue(path, value, 'must be a valid IP address')]
  const refuse = (detail: string): FieldError[] => [invalidValue(path, value, detail)]
  if (value === '0.0.0.0' || value === '::') {
    return refuse(`may not be unspecified (${value})`)
  }
  if (value.startsWith('127.') || value === '::1') {
    return refuse('may not be in the loopback range (127.0.0.0/8, ::1/128)')
  }
  if (value.startsWith('169.254.') || /^fe[89ab]/i.test(value)) {
    return refuse('may not be in the link-local range (169.254.0.0/16, fe80::/10)')
  }
  if (value.startsWith('224.0.0.') || /^ff02:/i.test(value)) {
    return refuse('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')
  }
  return []
}

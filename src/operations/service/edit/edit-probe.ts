/** Probes of the container that serves: `--probe-liveness` of kn, and its like. */
import type {Container, Probe, ProbeHandler} from '../../../api/core/v1.ts'
import {quote} from '../../../util/strconv.ts'
import {invalid, parseMap} from './notation.ts'

type ProbeField = 'livenessProbe' | 'readinessProbe' | 'startupProbe'

/** Replaces how a probe asks; its timing stays. */
export function editProbe(container: Container, field: ProbeField, text: string): void {
  const {httpGet: _1, tcpSocket: _2, exec: _3, grpc: _4, ...timing} = container[field] ?? {}
  container[field] = {...timing, ...parseProbeHandler(text)}
}

type HandlerParser = (parts: readonly string[]) => ProbeHandler

/** What follows the type of a probe, split at its colons, by the type. */
const HANDLERS: Readonly<Record<string, HandlerParser>> = {
  http: (parts) => parseHttp(parts),
  https: (parts) => {
    const {httpGet} = parseHttp(parts)
    return {httpGet: {...httpGet, port: httpGet?.port ?? 0, scheme: 'HTTPS'}}
  },
  exec: ([command = '', ...rest]) => {
    if (rest.length > 0) {
      throw invalid(
        "unexpected probe format, please use 'exec:<exec_command>[,<exec_command>,...]'",
      )
    }
    if (command === '') throw invalid('at least one command parameter is required for Exec probe')
    return {exec: {command: command.split(',')}}
  },
  tcp: (parts) => {
    const [host = '', port = ''] = parts
    if (parts.length !== 2) throw invalid("unexpected probe format, please use 'tcp:host:port")
    return {tcpSocket: {port: parsePort(port), ...(host !== '' && {host})}}
  },
  grpc: (parts) => {
    const [port = '', service = ''] = parts
    if (!/^\d+$/.test(port) || parts.length > 2) {
      throw invalid("unexpected probe format, please use 'grpc:port' or 'grpc:port:service'")
    }
    return {grpc: {port: Number(port), ...(service !== '' && {service})}}
  },
}

function parseHttp(parts: readonly string[]): ProbeHandler {
  const [host = '', port = '', path = ''] = parts
  if (parts.length !== 3) throw invalid("unexpected probe format, please use 'http:host:port:path'")
  return {
    httpGet: {
      ...(path !== '' && {path}),
      port: parsePort(port),
      ...(host !== '' && {host}),
    },
  }
}

function parseProbeHandler(text: string): ProbeHandler {
  if (text === '') throw invalid('no probe parameters detected')
  const [type = '', ...parts] = text.split(':')
  if (parts.length > 3) {
    throw invalid('too many probe parameters provided, please check the format')
  }
  const parse = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined
  if (parse !== undefined) return parse(parts)
  const known = Object.keys(HANDLERS).join(', ')
  throw invalid(`unsupported probe type '${type}'; supported types: ${known}`)
}

function parsePort(text: string): number | string {
  if (text === '') return 0
  return /^[+-]?\d+$/.test(text) ? Number(text) : text
}

const PROBE_OPTIONS: Readonly<Record<string, keyof Probe>> = {
  initialdelayseconds: 'initialDelaySeconds',
  timeoutseconds: 'timeoutSeconds',
  periodseconds: 'periodSeconds',
  successthreshold: 'successThreshold',
  failurethreshold: 'failureThreshold',
}

/** Sets a probe's timing: `PeriodSeconds=7,TimeoutSeconds=1`, names in any case. */
export function editProbeOptions(container: Container, field: ProbeField, text: string): void {
  const flag = `--probe-${field.replace('Probe', '')}-opts`
  const {set, remove} = parseMap(text.split(','), flag)
  if (remove.length > 0) throw invalid(`Invalid ${flag}: options cannot be taken away`)
  const probe: Probe = {...container[field]}
  for (const [name, value] of set) {
    if (!/^\s*[+-]?\d+\s*$/.test(value)) {
      throw invalid(`not a nummeric value for parameter '${name}'`)
    }
    const option = PROBE_OPTIONS[name.trim().toLowerCase()]
    if (option === undefined) throw invalid(`not a valid probe parameter name ${quote(name)}`)
    // Zero is Go's way to say that nothing is set.
    if (Number(value) === 0) delete probe[option]
    else Object.assign(probe, {[option]: Number(value)})
  }
  container[field] = probe
}

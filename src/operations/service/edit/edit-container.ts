/** Image, command, port, resources, probes and security of the container that serves. */
import type {Container, Probe, ProbeHandler} from '../../../api/core/v1.ts'
import {canonicalQuantity} from '../../../util/quantity.ts'
import {quote} from '../../../util/strconv.ts'
import {invalid, parseMap, parsePairs} from './notation.ts'

const PULL_POLICIES = ['Always', 'Never', 'IfNotPresent']

/** Sets the pull policy, in whatever case it is written. */
export function editPullPolicy(container: Container, text: string): void {
  const policy = PULL_POLICIES.find((known) => known.toLowerCase() === text.toLowerCase())
  if (policy === undefined) {
    throw invalid(
      `invalid --pull-policy ${text}. Valid arguments (case insensitive): Always | Never | IfNotPresent`,
    )
  }
  container.imagePullPolicy = policy
}

/** Sets and takes away amounts of resources. */
export function editResources(
  container: Container,
  kind: 'requests' | 'limits',
  texts: readonly string[],
): void {
  const {set, remove} = parseMap(texts, kind === 'requests' ? '--request' : '--limit')
  const amounts = {...container.resources?.[kind]}
  for (const [resource, amount] of set) amounts[resource] = parseAmount(amount)
  for (const resource of remove) delete amounts[resource]
  const resources = {...container.resources, [kind]: amounts}
  if (Object.keys(amounts).length === 0) delete resources[kind]
  container.resources = resources
}

function parseAmount(text: string): string {
  try {
    return canonicalQuantity(text)
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

/** `8080` or `name:8080`; replaces all ports. */
export function editPort(container: Container, text: string): void {
  const colon = text.indexOf(':')
  const name = colon < 0 ? '' : text.slice(0, colon)
  const number = text.slice(colon + 1)
  if (!/^[+-]?\d+$/.test(number) || Math.abs(Number(number)) > 2 ** 31 - 1) {
    throw invalid(
      `the port specification '${text}' is not valid. Please provide in the format 'NAME:PORT', ` +
        "where 'NAME' is optional. Examples: '--port h2c:8080' , '--port 8080'.",
    )
  }
  container.ports = [{...(name !== '' && {name}), containerPort: Number(number)}]
}

const STRICT_SECURITY_CONTEXT = {
  allowPrivilegeEscalation: false,
  capabilities: {drop: ['ALL']},
  runAsNonRoot: true,
  seccompProfile: {type: 'RuntimeDefault'},
}

/** `none` takes the security context away, `strict` sets what restricted clusters ask for. */
export function editSecurityContext(container: Container, text: string): void {
  switch (text.toLowerCase()) {
    case 'none':
      delete container.securityContext
      return
    case 'strict':
      container.securityContext = structuredClone(STRICT_SECURITY_CONTEXT)
      return
    default:
      throw invalid(`invalid --security-context ${text}. Valid arguments: strict | none`)
  }
}

/** Sets the numeric user the container runs as. */
export function editUser(container: Container, user: number): void {
  container.securityContext = {...container.securityContext, runAsUser: user}
}

type ProbeField = 'livenessProbe' | 'readinessProbe'

/** Replaces how a probe asks; its timing stays. */
export function editProbe(container: Container, field: ProbeField, text: string): void {
  const {httpGet: _1, tcpSocket: _2, exec: _3, grpc: _4, ...timing} = container[field] ?? {}
  container[field] = {...timing, ...parseProbeHandler(text)}
}

function parseProbeHandler(text: string): ProbeHandler {
  if (text === '') throw invalid('no probe parameters detected')
  const parts = text.split(':')
  if (parts.length > 4) {
    throw invalid('too many probe parameters provided, please check the format')
  }
  const [type = '', first = '', second = '', third = ''] = parts
  switch (type) {
    case 'http':
    case 'https':
      if (parts.length !== 4) {
        throw invalid("unexpected probe format, please use 'http:host:port:path'")
      }
      return {
        httpGet: {
          ...(third !== '' && {path: third}),
          port: parsePort(second),
          ...(first !== '' && {host: first}),
          ...(type === 'https' && {scheme: 'HTTPS'}),
        },
      }
    case 'exec':
      if (parts.length !== 2) {
        throw invalid(
          "unexpected probe format, please use 'exec:<exec_command>[,<exec_command>,...]'",
        )
      }
      if (first === '') throw invalid('at least one command parameter is required for Exec probe')
      return {exec: {command: first.split(',')}}
    case 'tcp':
      if (parts.length !== 3) {
        throw invalid("unexpected probe format, please use 'tcp:host:port")
      }
      return {tcpSocket: {port: parsePort(second), ...(first !== '' && {host: first})}}
    default:
      throw invalid(`unsupported probe type '${type}'; supported types: http, https, exec, tcp`)
  }
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
  const {set} = parsePairs(text.split(','), `--probe-${field.replace('Probe', '')}-opts`)
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

/** Probes of a revision's containers. Counterpart of the probes in `k8s_validation.go`. */
import type {ContainerPort, Probe} from '../core/v1.ts'
import {
  fieldError,
  type FieldErrors,
  invalidValue,
  missingOneOf,
  multipleOneOf,
  NO_FIELD_ERRORS,
  outOfBounds,
} from '../field-error.ts'
import {checkFields, PROBE_FIELDS} from './field-masks.ts'

const MAX_INT32 = 2_147_483_647

/** Judges any probe. `port` is the port that serves. */
export function validateProbe(probe: Probe | undefined, port: ContainerPort): FieldErrors {
  if (probe === undefined) return NO_FIELD_ERRORS
  let errors = checkFields(probe, PROBE_FIELDS)
  const handlers: string[] = []
  // Upstream puts the handler's name before everything that was found so far; paths show it.
  if (probe.httpGet !== undefined) {
    handlers.push('httpGet')
    errors = errors.viaField('httpGet').also(checkPort(probe.httpGet.port, 'httpGet', port))
  }
  if (probe.tcpSocket !== undefined) {
    handlers.push('tcpSocket')
    errors = errors.viaField('tcpSocket').also(checkPort(probe.tcpSocket.port, 'tcpSocket', port))
  }
  if (probe.exec !== undefined) {
    handlers.push('exec')
    errors = errors.viaField('exec')
  }
  if (probe.grpc !== undefined) {
    handlers.push('gRPC')
    errors = errors.viaField('grpc')
  }
  if (handlers.length === 0) {
    return errors.also(missingOneOf('httpGet', 'tcpSocket', 'exec', 'grpc'))
  }
  return handlers.length > 1 ? errors.also(multipleOneOf(...handlers)) : errors
}

function checkPort(asked: number | string, handler: string, port: ContainerPort): FieldErrors {
  if (typeof asked !== 'string' || asked === '' || asked === port.name) return NO_FIELD_ERRORS
  return invalidValue(asked, `${handler}.port`, 'Probe port must match container port')
}

/** Judges a readiness probe, which the queue-proxy runs. */
export function validateReadinessProbe(probe: Probe | undefined, port: ContainerPort): FieldErrors {
  if (probe === undefined) return NO_FIELD_ERRORS
  const {periodSeconds = 0, timeoutSeconds = 0, failureThreshold = 0} = probe
  return validateProbe(probe, port).also(
    atLeast(0, periodSeconds, 'periodSeconds'),
    atLeast(0, probe.initialDelaySeconds ?? 0, 'initialDelaySeconds'),
    atLeast(1, probe.successThreshold ?? 0, 'successThreshold'),
    ...(periodSeconds === 0
      ? [
          onlyWithPeriod(failureThreshold, 'failureThreshold'),
          onlyWithPeriod(timeoutSeconds, 'timeoutSeconds'),
        ]
      : [
          atLeast(1, timeoutSeconds, 'timeoutSeconds'),
          atLeast(1, failureThreshold, 'failureThreshold'),
        ]),
  )
}

function atLeast(minimum: number, value: number, field: string): FieldErrors {
  return value < minimum ? outOfBounds(value, minimum, MAX_INT32, field) : NO_FIELD_ERRORS
}

/** A period of zero lets the queue-proxy probe in its own, faster rhythm. */
function onlyWithPeriod(value: number, field: string): FieldErrors {
  if (value === 0) return NO_FIELD_ERRORS
  return fieldError(`${field} is disallowed when periodSeconds is zero`, [field])
}

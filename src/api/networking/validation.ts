/**
 * Defaults and rules of `networking.internal.knative.dev`. Controllers write these kinds; a bad one
 * is a bug or somebody's experiment.
 *
 * Counterpart of knative.dev/networking `pkg/apis/networking/v1alpha1` `*_defaults.go` and
 * `*_validation.go`.
 */
import type {ObjectReference} from '../core/v1.ts'
import {
  fieldError,
  type FieldErrors,
  invalidArrayValue,
  invalidKeyName,
  invalidValue,
  missingField,
  NO_FIELD_ERRORS,
} from '../field-error.ts'
import {cIdentifierProblems, dns1123LabelProblems, qualifiedNameProblems} from '../name-rules.ts'
import {checkFields, OBJECT_REFERENCE_FIELDS} from '../serving/field-masks.ts'
import type {
  HTTPIngressPath,
  IngressBackendSplit,
  IngressRule,
  KCertificate,
  KIngress,
  ServerlessService,
} from './v1alpha1.ts'
import {
  INGRESS_CLASS_KEYS,
  CERTIFICATE_CLASS_KEYS,
  DISABLE_TLS_KEYS,
  HTTP_PROTOCOL_KEYS,
} from './names.ts'

const ALLOWED_ANNOTATIONS: ReadonlySet<string> = new Set([
  ...INGRESS_CLASS_KEYS,
  ...CERTIFICATE_CLASS_KEYS,
  ...DISABLE_TLS_KEYS,
  ...HTTP_PROTOCOL_KEYS,
])

/** Defaults a KIngress, in place: visibility, and all traffic for an only split. */
export function setIngressDefaults(ingress: KIngress): void {
  for (const rule of ingress.spec.rules ?? []) {
    rule.visibility ??= 'ExternalIP'
    for (const path of rule.http?.paths ?? []) {
      const [only, ...others] = path.splits
      if (only !== undefined && others.length === 0 && (only.percent ?? 0) === 0) {
        only.percent = 100
      }
    }
  }
}

/** Judges a KIngress. */
export function validateIngress(ingress: KIngress): FieldErrors {
  const {spec} = ingress
  if (isEmpty(spec)) return missingField('').viaField('spec')
  const rules = spec.rules ?? []
  return (rules.length === 0 ? missingField('rules') : NO_FIELD_ERRORS)
    .also(
      ...rules.map((rule, index) =>
        validateRule(rule, ingress.metadata.namespace ?? '').viaFieldIndex('rules', index),
      ),
      ...(spec.tls ?? []).map((tls, index) =>
        (isEmpty(tls)
          ? missingField('')
          : required(tls.secretName, 'secretName').also(
              required(tls.secretNamespace, 'secretNamespace'),
            )
        ).viaFieldIndex('tls', index),
      ),
      validateHttpOption(spec.httpOption ?? ''),
    )
    .viaField('spec')
}

/** Whether a spec, or a part of one, says nothing at all. */
export function isEmpty(value: object): boolean {
  return Object.values(value).every(
    (field: unknown) => !field || (typeof field === 'object' && Object.keys(field).length === 0),
  )
}

function required(value: string | undefined, field: string): FieldErrors {
  return value === undefined || value === '' ? missingField(field) : NO_FIELD_ERRORS
}

function validateHttpOption(option: string): FieldErrors {
  if (option === '' || option === 'Enabled' || option === 'Redirected') return NO_FIELD_ERRORS
  return invalidValue(option, 'httpOption')
}

function validateRule(rule: IngressRule, namespace: string): FieldErrors {
  if (isEmpty(rule)) return missingField('')
  if (rule.http === undefined) return missingField('http')
  const paths = rule.http.paths ?? []
  if (paths.length === 0) return missingField('paths').viaField('http')
  return NO_FIELD_ERRORS.also(
    ...paths.map((path, index) => validatePath(path, namespace).viaFieldIndex('paths', index)),
  ).viaField('http')
}

function validatePath(path: HTTPIngressPath, namespace: string): FieldErrors {
  if (isEmpty(path)) return missingField('')
  const splits = path.splits ?? []
  if (splits.length === 0) return missingField('splits')
  let total = 0
  for (const [index, split] of splits.entries()) {
    const errors = validateSplit(split, namespace)
    if (!errors.isEmpty) return errors.viaFieldIndex('splits', index)
    total += split.percent ?? 0
  }
  if (total === 100 || (splits.length === 1 && total === 0)) return NO_FIELD_ERRORS
  return fieldError(`traffic split percentage must total to 100, but was ${total}`, ['splits'])
}

function validateSplit(split: IngressBackendSplit, namespace: string): FieldErrors {
  if (isEmpty(split)) return missingField('')
  const {percent = 0} = split
  const errors = percent < 0 || percent > 100 ? invalidValue(percent, 'percent') : NO_FIELD_ERRORS
  return errors.also(validateBackend(split, namespace))
}

function validateBackend(split: IngressBackendSplit, namespace: string): FieldErrors {
  const port: unknown = split.servicePort
  let errors = required(split.serviceNamespace, 'serviceNamespace')
  if (errors.isEmpty && split.serviceNamespace !== namespace) {
    errors = fieldError('service namespace must match ingress namespace', ['serviceNamespace'])
  }
  return errors.also(
    required(split.serviceName, 'serviceName'),
    port === undefined || port === 0 ? missingField('servicePort') : NO_FIELD_ERRORS,
  )
}

/** Judges a ServerlessService. */
export function validateServerlessService(sks: ServerlessService): FieldErrors {
  const annotations = Object.keys(sks.metadata.annotations ?? {})
    .filter((key) => key.startsWith('networking.knative.dev') && !ALLOWED_ANNOTATIONS.has(key))
    .map((key) => invalidKeyName(key, ''))
  const errors = NO_FIELD_ERRORS.also(...annotations).viaField('annotations')
  const {spec} = sks
  if (isEmpty(spec)) return errors.also(missingField('').viaField('spec'))
  const mode: string = spec.mode ?? ''
  const activators = spec.numActivators ?? 0
  return errors.also(
    NO_FIELD_ERRORS.also(
      required(mode, 'mode'),
      mode === '' || mode === 'Proxy' || mode === 'Serve'
        ? NO_FIELD_ERRORS
        : invalidValue(mode, 'mode'),
      activators < 0 ? invalidValue(activators, 'numActivators') : NO_FIELD_ERRORS,
      validateObjectReference(spec.objectRef).viaField('objectRef'),
      validateProtocol(spec.protocolType).viaField('protocolType'),
    ).viaField('spec'),
  )
}

/** Judges the protocol of a ServerlessService or PodAutoscaler. */
export function validateProtocol(protocol: string | undefined): FieldErrors {
  if (protocol === 'h2c' || protocol === 'http1') return NO_FIELD_ERRORS
  return protocol === undefined || protocol === '' ? missingField('') : invalidValue(protocol, '')
}

/** Judges a reference to an object in the same namespace. */
export function validateObjectReference(reference: ObjectReference | undefined): FieldErrors {
  const {apiVersion = '', kind = '', name = ''} = reference ?? {}
  return checkFields(reference ?? {}, OBJECT_REFERENCE_FIELDS).also(
    judge(apiVersion, 'apiVersion', qualifiedNameProblems),
    judge(kind, 'kind', cIdentifierProblems),
    judge(name, 'name', dns1123LabelProblems),
  )
}

function judge(value: string, field: string, rule: (value: string) => string[]): FieldErrors {
  if (value === '') return missingField(field)
  const problems = rule(value)
  return problems.length === 0 ? NO_FIELD_ERRORS : invalidValue(problems.join(', '), field)
}

/** Judges a Certificate. */
export function validateCertificate(certificate: KCertificate): FieldErrors {
  const {secretName, domain = ''} = certificate.spec
  const names = certificate.spec.dnsNames ?? []
  let errors = names.length === 0 ? missingField('dnsNames') : NO_FIELD_ERRORS
  for (const [index, name] of names.entries()) {
    if (name === '') errors = errors.also(invalidArrayValue(name, 'dnsNames', index))
  }
  errors = errors.also(required(secretName, 'secretName'))
  const covers = names.some((name) => name === domain || name.endsWith(`.${domain}`))
  if (domain !== '' && names.length > 0 && !covers) {
    const path = 'domain must be a suffix of, or match exactly, at least one entry in dnsNames'
    errors = errors.also(invalidValue('domain', path))
  }
  return errors.viaField('spec')
}

/**
 * Judges the kinds people write.
 *
 * Counterpart of the `*_validation.go` of knative.dev/serving `pkg/apis/serving`. All functions
 * expect objects with their defaults; `old` is what is stored now, on an update.
 */
import {quote} from '../../util/strconv.ts'
import {
  disallowedFields,
  fieldError,
  type FieldErrors,
  missingField,
  NO_FIELD_ERRORS,
} from '../field-error.ts'
import {describeChanges} from '../describe-changes.ts'
import {dns1123LabelProblems, dns1123SubdomainProblems} from '../name-rules.ts'
import {CLUSTER_DOMAIN} from '../networking/names.ts'
import type {AdmissionContext} from './admission-context.ts'
import {CONFIGURATION_LABEL, SERVICE_LABEL} from './metadata-keys.ts'
import {
  validateObjectMetadata,
  validateOwnerLabel,
  validateRolloutDuration,
  validateUserAnnotations,
} from './metadata-validation.ts'
import {validateNameChange, validateRevisionSpec, validateTemplate} from './template-validation.ts'
import {validateTraffic} from './traffic-validation.ts'
import type {Configuration, DomainMapping, Revision, Route, Service} from './v1.ts'

/** Judges a Service. */
export function validateService(
  service: Service,
  context: AdmissionContext,
  old?: Service,
): FieldErrors {
  const {metadata, spec} = service
  const errors = validateObjectMetadata(metadata, 'elsewhere', context)
    .also(validateRolloutDuration(metadata.annotations).viaField('annotations'))
    .viaField('metadata')
    .also(
      validateTemplate(spec.template, {...context, parent: metadata})
        .viaField('template')
        .also(validateTraffic(spec.traffic, 'own').viaField('traffic'))
        .viaField('spec'),
    )
  if (old === undefined) return errors
  return errors.also(
    validateUserAnnotations(service, old).viaField('metadata.annotations'),
    validateNameChange(spec.template, old.spec.template).viaField('spec.template'),
  )
}

/** Judges a Configuration. */
export function validateConfiguration(
  configuration: Configuration,
  context: AdmissionContext,
  old?: Configuration,
): FieldErrors {
  const {metadata, spec} = configuration
  const errors = validateObjectMetadata(metadata, 'elsewhere', context)
    .also(validateOwnerLabel(metadata, SERVICE_LABEL, 'Service').viaField('labels'))
    .viaField('metadata')
    .also(
      validateTemplate(spec.template, {...context, parent: metadata})
        .viaField('template')
        .viaField('spec'),
    )
  if (old === undefined) return errors
  return errors.also(
    // A Service writes these annotations itself.
    isOwned(configuration)
      ? NO_FIELD_ERRORS
      : validateUserAnnotations(configuration, old).viaField('metadata.annotations'),
    validateNameChange(spec.template, old.spec.template).viaField('spec.template'),
  )
}

/** Judges a Revision, whose spec never changes. */
export function validateRevision(
  revision: Revision,
  context: AdmissionContext,
  old?: Revision,
): FieldErrors {
  const {metadata, spec} = revision
  if (old !== undefined) {
    const diff = describeChanges(old.spec, spec, 'spec')
    if (diff !== '') return fieldError('Immutable fields changed (-old +new)', ['spec'], diff)
  }
  const errors = validateObjectMetadata(metadata, 'allowed', context)
    .also(validateOwnerLabel(metadata, CONFIGURATION_LABEL, 'Configuration').viaField('labels'))
    .viaField('metadata')
  if (old !== undefined) return errors
  return errors.also(validateRevisionSpec(spec, context).viaField('spec'))
}

/** Judges a Route. */
export function validateRoute(route: Route, context: AdmissionContext, old?: Route): FieldErrors {
  const {metadata, spec} = route
  const errors = validateObjectMetadata(metadata, 'elsewhere', context)
    .also(
      validateOwnerLabel(metadata, SERVICE_LABEL, 'Service').viaField('labels'),
      validateRolloutDuration(metadata.annotations).viaField('annotations'),
    )
    .viaField('metadata')
    .also(validateTraffic(spec.traffic, 'named').viaField('traffic').viaField('spec'))
  if (old === undefined || isOwned(route)) return errors
  return errors.also(validateUserAnnotations(route, old).viaField('metadata.annotations'))
}

function isOwned(object: Configuration | Route): boolean {
  return (object.metadata.ownerReferences ?? []).length > 0
}

/** Judges a DomainMapping, whose name is the domain. */
export function validateDomainMapping(
  mapping: DomainMapping,
  _context: AdmissionContext,
  old?: DomainMapping,
): FieldErrors {
  const {name, generateName = ''} = mapping.metadata
  const metadata = NO_FIELD_ERRORS.also(
    generateName === '' ? NO_FIELD_ERRORS : disallowedFields('generateName'),
    validateDomainName(name),
    old === undefined
      ? NO_FIELD_ERRORS
      : validateUserAnnotations(mapping, old).viaField('annotations'),
  )
  return metadata
    .viaField('metadata')
    .also(validateReference(mapping).viaField('ref').viaField('spec'))
}

function validateDomainName(name: string): FieldErrors {
  const why = domainNameProblem(name)
  let errors = NO_FIELD_ERRORS
  if (why !== undefined) errors = fieldError(`invalid name ${quote(name)}: name: ${why}`, ['name'])
  if (!name.endsWith(`.${CLUSTER_DOMAIN}`)) return errors
  return errors.also(
    fieldError(
      `invalid name ${quote(name)}: must not be a subdomain of cluster local domain ${quote(CLUSTER_DOMAIN)}`,
      ['name'],
    ),
  )
}

/** Counterpart of k8s.io/apimachinery `IsFullyQualifiedDomainName`. */
function domainNameProblem(name: string): string | undefined {
  if (name === '') return 'Required value'
  const domain = name.endsWith('.') ? name.slice(0, -1) : name
  const problems = dns1123SubdomainProblems(domain)
  if (problems.length > 0) return `Invalid value: ${quote(domain)}: ${problems.join(',')}`
  const labels = domain.split('.')
  if (labels.length < 2) {
    return `Invalid value: ${quote(domain)}: should be a domain with at least two segments separated by dots`
  }
  for (const label of labels) {
    const wrong = dns1123LabelProblems(label)
    if (wrong.length > 0) return `Invalid value: ${quote(label)}: ${wrong.join(',')}`
  }
  return undefined
}

function validateReference(mapping: DomainMapping): FieldErrors {
  const {ref} = mapping.spec
  const {namespace = ''} = mapping.metadata
  const missing = (['name', 'apiVersion', 'kind'] as const).filter(
    (field) => (ref[field] ?? '') === '',
  )
  let errors = NO_FIELD_ERRORS
  if ('group' in ref && ref.group !== '') errors = disallowedFields('group')
  if (missing.length > 0) errors = errors.also(missingField(...missing))
  const asked = ref.namespace ?? ''
  if (asked === '' || namespace === '' || asked === namespace) return errors
  return errors.also(
    fieldError(
      'mismatched namespaces',
      ['namespace'],
      `parent namespace: ${quote(namespace)} does not match ref: ${quote(asked)}`,
    ),
  )
}

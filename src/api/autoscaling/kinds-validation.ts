/**
 * Defaults and rules of `autoscaling.internal.knative.dev`.
 *
 * Counterpart of knative.dev/serving `pkg/apis/autoscaling/v1alpha1` `*_defaults.go` and
 * `*_validation.go`.
 */
import type {AutoscalerConfig} from '../config/autoscaler.ts'
import {type FieldErrors, missingField} from '../field-error.ts'
import {isEmpty, validateObjectReference, validateProtocol} from '../networking/validation.ts'
import type {AdmissionContext} from '../serving/admission-context.ts'
import {
  validateContainerConcurrency,
  validateObjectMetadata,
} from '../serving/metadata-validation.ts'
import {CLASS_ANNOTATION, HPA_CLASS, KPA_CLASS, METRIC_ANNOTATION} from './annotations.ts'
import type {Metric, PodAutoscaler} from './v1alpha1.ts'

/** What an autoscaler of a class measures when nobody says. */
const METRIC_OF_CLASS: Readonly<Record<string, string>> = {
  [KPA_CLASS]: 'concurrency',
  [HPA_CLASS]: 'cpu',
}

/** Defaults a PodAutoscaler, in place: the class, and the metric of that class. */
export function setPodAutoscalerDefaults(
  podAutoscaler: PodAutoscaler,
  config: AutoscalerConfig,
): void {
  const annotations = (podAutoscaler.metadata.annotations ??= {})
  const autoscaler = (annotations[CLASS_ANNOTATION[0]] ??= config.podAutoscalerClass)
  annotations[METRIC_ANNOTATION[0]] ??= METRIC_OF_CLASS[autoscaler] ?? ''
}

/** Judges a PodAutoscaler. */
export function validatePodAutoscaler(
  podAutoscaler: PodAutoscaler,
  context: AdmissionContext,
): FieldErrors {
  const {metadata, spec} = podAutoscaler
  const errors = validateObjectMetadata(metadata, 'allowed', context).viaField('metadata')
  if (isEmpty(spec)) return errors.also(missingField('').viaField('spec'))
  return errors.also(
    validateObjectReference(spec.scaleTargetRef)
      .viaField('scaleTargetRef')
      .also(
        validateContainerConcurrency(spec.containerConcurrency ?? 0, context).viaField(
          'containerConcurrency',
        ),
        validateProtocol(spec.protocolType).viaField('protocolType'),
      )
      .viaField('spec'),
  )
}

/** Judges a Metric. */
export function validateMetric(metric: Metric, context: AdmissionContext): FieldErrors {
  const errors = validateObjectMetadata(metric.metadata, 'allowed', context).viaField('metadata')
  return isEmpty(metric.spec) ? errors.also(missingField('').viaField('spec')) : errors
}

/**
 * Templates with a name chosen by hand, written again as they are.
 *
 * Knative fills in no defaults where the name stays, so that the very document that made a Service looks
 * like a change of it, and is refused. What the server would store without the name tells whether
 * anything but defaults is different.
 */
import {StatusError} from '../../api/meta/status-error.ts'
import type {RevisionTemplateSpec, Service} from '../../api/serving/v1.ts'
import {semanticEqual} from '../../util/semantic-equal.ts'

/** What Knative's webhook says before it dumps the difference of two Go structs. */
const NAME_CHANGE = /Saw the following changes without a name change[^:]*: ([\w.]+)/

/** The field with the name, if an error refuses a changed template under the name of the old one. */
export function refusedNameField(error: unknown): string | undefined {
  return error instanceof StatusError ? NAME_CHANGE.exec(error.message)?.[1] : undefined
}

/** A Service whose revision gets a name from the server. */
export function withoutRevisionName<T extends Pick<Service, 'spec'>>(service: T): T {
  return {...service, spec: {...service.spec, template: unnamed(service.spec.template)}}
}

/**
 * Whether a template that was refused is the stored one but for defaults: `defaulted` is what the
 * server would store of it {@link withoutRevisionName}.
 */
export function isSameTemplate(
  defaulted: RevisionTemplateSpec,
  stored: RevisionTemplateSpec,
): boolean {
  return semanticEqual(unnamed(defaulted), unnamed(stored))
}

function unnamed(template: RevisionTemplateSpec): RevisionTemplateSpec {
  const {name: _, ...metadata} = template.metadata ?? {}
  return {...template, metadata}
}

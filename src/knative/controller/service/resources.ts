/** What a Service makes. Counterpart of `pkg/reconciler/service/resources`. */
import type {ObjectMeta} from '../../../api/meta/object.ts'
import {controllerReference} from '../../../api/meta/owner.ts'
import {
  ROLLOUT_DURATION_ANNOTATION,
  ROUTES_ANNOTATION,
  SERVICE_LABEL,
  SERVICE_UID_LABEL,
} from '../../../api/serving/metadata-keys.ts'
import {
  type Configuration,
  type Route,
  type Service,
  SERVICES,
  type TrafficTarget,
} from '../../../api/serving/v1.ts'
import {annotationsWithout, listAnnotation, without} from '../metadata.ts'
import {LAST_APPLIED_ANNOTATION} from '../../../api/meta/well-known.ts'

/** The Configuration of a Service has its name. */
export function configurationName(service: Service): string {
  return service.metadata.name
}

/** The Route of a Service has its name. */
export function routeName(service: Service): string {
  return service.metadata.name
}

/**
 * The Configuration of a Service.
 *
 * It says from the start that the Route points at it, so that its first revision is born active;
 * other Routes that `existing` names stay.
 */
export function makeConfiguration(service: Service, existing?: Configuration): Configuration {
  const {name, uid = '', labels, annotations} = service.metadata
  const routes = listAnnotation(existing?.metadata.annotations, ROUTES_ANNOTATION)
  routes.add(routeName(service))
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Configuration',
    metadata: {
      ...makeOwnedName(service, configurationName(service)),
      labels: {...labels, [SERVICE_LABEL]: name, [SERVICE_UID_LABEL]: uid},
      annotations: {
        ...without(annotations, [LAST_APPLIED_ANNOTATION, ...ROLLOUT_DURATION_ANNOTATION]),
        [ROUTES_ANNOTATION]: [...routes].join(','),
      },
    },
    spec: {template: service.spec.template},
  }
}

/** The Route of a Service. Traffic to no revision by name goes to the Service's Configuration. */
export function makeRoute(service: Service): Route {
  const {name, labels, annotations} = service.metadata
  const {traffic} = service.spec
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Route',
    metadata: {
      ...makeOwnedName(service, routeName(service)),
      labels: {...labels, [SERVICE_LABEL]: name},
      ...annotationsWithout(annotations, [LAST_APPLIED_ANNOTATION]),
    },
    spec: {
      ...(traffic !== undefined && {
        traffic: traffic.map((target) => aim(target, configurationName(service))),
      }),
    },
  }
}

function aim(target: TrafficTarget, configuration: string): TrafficTarget {
  return (target.revisionName ?? '') === '' ? {...target, configurationName: configuration} : target
}

function makeOwnedName(service: Service, name: string): ObjectMeta {
  const {namespace} = service.metadata
  return {
    name,
    ...(namespace !== undefined && {namespace}),
    ownerReferences: [controllerReference(service, SERVICES)],
  }
}

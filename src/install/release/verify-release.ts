/** Whether files are what they are taken for: a whole release, of one version. */
import type {Deployment} from '../../api/apps/v1.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import type {ManifestFile} from '../manifests.ts'
import {minorOf, parseVersion} from '../versions.ts'
import {VERSION_LABEL} from '../../api/meta/well-known.ts'

/** The objects of a release by file. */
export type ReleaseObjects = Readonly<Partial<Record<ManifestFile, readonly KubeObject[]>>>

const CRD = 'CustomResourceDefinition'
const SERVING = 'serving.knative.dev'
const NETWORKING = 'networking.internal.knative.dev'

/** What every release of the last years has, as `kind/name`. */
const EXPECTED: Readonly<Partial<Record<ManifestFile, readonly string[]>>> = {
  'serving-crds': [
    `${CRD}/certificates.${NETWORKING}`,
    `${CRD}/clusterdomainclaims.${NETWORKING}`,
    `${CRD}/configurations.${SERVING}`,
    `${CRD}/domainmappings.${SERVING}`,
    `${CRD}/images.caching.internal.knative.dev`,
    `${CRD}/ingresses.${NETWORKING}`,
    `${CRD}/metrics.autoscaling.internal.knative.dev`,
    `${CRD}/podautoscalers.autoscaling.internal.knative.dev`,
    `${CRD}/revisions.${SERVING}`,
    `${CRD}/routes.${SERVING}`,
    `${CRD}/serverlessservices.${NETWORKING}`,
    `${CRD}/services.${SERVING}`,
  ],
  'serving-core': [
    'Namespace/knative-serving',
    'Deployment/activator',
    'Deployment/autoscaler',
    'Deployment/controller',
    'Deployment/webhook',
    'ConfigMap/config-domain',
    'ConfigMap/config-network',
  ],
  istio: [
    'Deployment/istiod',
    'Deployment/istio-ingressgateway',
    'Service/istio-ingressgateway',
    `${CRD}/gateways.networking.istio.io`,
    `${CRD}/virtualservices.networking.istio.io`,
  ],
  'net-istio': [
    'Deployment/net-istio-controller',
    'Gateway/knative-ingress-gateway',
    'ConfigMap/config-istio',
  ],
  'serving-hpa': ['Deployment/autoscaler-hpa'],
}

/** What the release is, as far as its objects tell. */
export interface ReleaseVersions {
  readonly knative?: string
  readonly istio?: string
}

/** Reads the versions off labels and images. */
export function releaseVersions(objects: ReleaseObjects): ReleaseVersions {
  const core = objects['serving-core'] ?? []
  const knative = core.map(versionLabel).find((version) => version !== undefined)
  const istiod = (objects.istio ?? []).find(
    ({kind, metadata}) => kind === 'Deployment' && metadata.name === 'istiod',
  )
  const [image = ''] = istiod === undefined ? [] : imagesOf(istiod)
  const istio = /:(\d+\.\d+\.\d+)/.exec(image)?.[1]
  return {...(knative !== undefined && {knative}), ...(istio !== undefined && {istio})}
}

/**
 * What is wrong with the files; an empty list is fine.
 *
 * @param version the version of Knative they have to be of; without it, of any one.
 */
export function releaseProblems(objects: ReleaseObjects, version?: string): string[] {
  const problems: string[] = []
  for (const [file, expected] of Object.entries(EXPECTED)) {
    const present = objects[file as ManifestFile]
    if (present === undefined) continue
    const names = new Set(present.map(({kind, metadata}) => `${kind}/${metadata.name}`))
    const missing = expected.filter((name) => !names.has(name))
    if (missing.length > 0) problems.push(`${file}.yaml has no ${missing.join(', ')}`)
    problems.push(...versionProblems(file as ManifestFile, present, version))
    problems.push(...imageProblems(file as ManifestFile, present))
  }
  return problems
}

/**
 * Which file is of another release than `version`; undefined if all are of one.
 *
 * @param version without it, that of the core file.
 */
export function mixedReleaseProblem(objects: ReleaseObjects, version?: string): string | undefined {
  const wanted = version ?? releaseVersions(objects).knative
  return Object.entries(objects).flatMap(([file, present]) =>
    versionProblems(file as ManifestFile, present, wanted),
  )[0]
}

/** Minors have to agree; patches of net-istio are not those of Serving. */
function versionProblems(
  file: ManifestFile,
  objects: readonly KubeObject[],
  version: string | undefined,
): string[] {
  const wanted = version === undefined ? undefined : parseVersion(version)
  if (wanted === undefined || file === 'istio') return []
  const labels = [...new Set(objects.map(versionLabel))].filter((label) => label !== undefined)
  const other = labels.find((label) => {
    const found = parseVersion(label)
    return found === undefined || minorOf(found) !== minorOf(wanted)
  })
  return other === undefined
    ? []
    : [`${file}.yaml is of version ${other}, not of ${minorOf(wanted)}`]
}

/** Knative releases name their images by digest; one by tag was put there by somebody. */
function imageProblems(file: ManifestFile, objects: readonly KubeObject[]): string[] {
  if (file === 'istio') return []
  return objects.flatMap((object) =>
    imagesOf(object)
      .filter((image) => /knative-releases/.test(image) && !/@sha256:[0-9a-f]{64}$/.test(image))
      .map((image) => `${file}.yaml: the image ${image} of ${object.metadata.name} has no digest`),
  )
}

function imagesOf(object: KubeObject): string[] {
  if (object.kind !== 'Deployment') return []
  const {containers} = (object as Deployment).spec.template.spec
  return containers.flatMap(({image}) => (image === undefined ? [] : [image]))
}

function versionLabel({metadata}: KubeObject): string | undefined {
  return metadata.labels?.[VERSION_LABEL]
}

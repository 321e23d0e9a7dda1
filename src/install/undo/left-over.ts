/** What an uninstallation has left behind, by a look at the cluster. */
import {ISTIO_NAMESPACE} from '../../api/config/system-namespace.ts'
import {CONFIG_MAPS} from '../../api/core/v1.ts'
import {CUSTOM_RESOURCE_DEFINITIONS} from '../../api/extensions/v1.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import {describeObject} from '../../client/apply-objects.ts'
import {neededFiles} from '../release/release-files.ts'
import type {InstallContext, Step} from '../step.ts'
import {type PresentObject, presentObjects} from './remove-objects.ts'

const ROOT_CERTIFICATE = 'istio-ca-root-cert'

/** Looks for everything that came with the release, and notes what is there still. */
export function lookAroundStep(options: {readonly withIstio: boolean}): Step {
  return {
    id: 'look-around',
    title: 'What is left',
    check: async () => ({state: 'needed'}),
    plan: async () => ({changes: []}),
    async apply(context) {
      const left = await leftOvers(options, context)
      context.note({left: left.map(nameOf)})
    },
    observe: async () => ({done: true}),
  }
}

/** Everything of the release that is there still. */
async function leftOvers(
  {withIstio}: {readonly withIstio: boolean},
  context: InstallContext,
): Promise<PresentObject[]> {
  const files = await Promise.all(
    neededFiles(context.settings)
      .filter((file) => withIstio || file !== 'istio')
      .map((file) => context.manifests.load(file)),
  )
  const objects = files.flat().filter((object) => withIstio || !isOfIstio(object))
  const [present, kinds, certificates] = await Promise.all([
    presentObjects(objects, context),
    knativeKinds(withIstio, context),
    withIstio ? rootCertificates(context) : [],
  ])
  const known = new Set(present.map(nameOf))
  return [...present, ...[...kinds, ...certificates].filter((one) => !known.has(nameOf(one)))]
}

// net-istio puts objects into the namespace of Istio; those are its own.
function isOfIstio({kind, metadata}: KubeObject): boolean {
  return kind === 'Namespace' && metadata.name === ISTIO_NAMESPACE
}

/** The definitions of kinds of Knative Serving, also of other releases. */
async function knativeKinds(
  withIstio: boolean,
  {client}: Pick<InstallContext, 'client'>,
): Promise<PresentObject[]> {
  const {items} = await client.list(CUSTOM_RESOURCE_DEFINITIONS)
  const groups =
    /(^|\.)(serving|networking\.internal|autoscaling\.internal|caching\.internal)\.knative\.dev$/
  return items
    .filter(({metadata: {name}}) => {
      const group = name.slice(name.indexOf('.') + 1)
      return groups.test(group) || (withIstio && group.endsWith('.istio.io'))
    })
    .map((live) => ({type: CUSTOM_RESOURCE_DEFINITIONS, live}))
}

/** The certificates that istiod puts into every namespace. */
export async function rootCertificates({
  client,
}: Pick<InstallContext, 'client'>): Promise<PresentObject[]> {
  const {items} = await client.list(CONFIG_MAPS, {labelSelector: 'istio.io/config=true'})
  return items
    .filter(({metadata}) => metadata.name === ROOT_CERTIFICATE)
    .map((live) => ({type: CONFIG_MAPS, live}))
}

function nameOf({type, live}: PresentObject): string {
  const {namespace} = live.metadata
  const place = namespace === undefined ? '' : ` in ${namespace}`
  return `${describeObject(type, live)}${place}`
}

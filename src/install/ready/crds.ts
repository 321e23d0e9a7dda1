import {
  CUSTOM_RESOURCE_DEFINITIONS,
  type CustomResourceDefinition,
} from '../../api/extensions/v1.ts'
import type {KubeObject} from '../../api/meta/object.ts'
import type {InstallContext, Poll} from '../step.ts'

/** Whether the API serves every CRD among `objects`. */
export async function crdsReady(
  {client}: Pick<InstallContext, 'client'>,
  objects: readonly KubeObject[],
): Promise<Poll> {
  const names = objects
    .filter(({kind}) => kind === 'CustomResourceDefinition')
    .map(({metadata}) => metadata.name)
  const {items} = await client.list(CUSTOM_RESOURCE_DEFINITIONS)
  return judgeCrds(names, items)
}

/** Whether all of `names` are established, by the CRDs there are. */
export function judgeCrds(
  names: readonly string[],
  crds: readonly CustomResourceDefinition[],
): Poll {
  const known = new Map(crds.map((crd) => [crd.metadata.name, crd]))
  const missing = names.filter((name) => {
    const crd = known.get(name)
    return !(isTrue(crd, 'Established') && isTrue(crd, 'NamesAccepted'))
  })
  const [first] = missing
  if (first === undefined) return {done: true}
  const conditions = conditionsOf(known.get(first))
  const problem = conditions.find(
    ({type, status}) => type === 'NamesAccepted' && status === 'False',
  )
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  return {
    done: false,
    waitingFor: `the CRD ${first}${more} to be established`,
    ...(problem?.message !== undefined && {warning: problem.message}),
  }
}

interface CrdCondition {
  type: string
  status: string
  message?: string
}

function conditionsOf(crd: CustomResourceDefinition | undefined): CrdCondition[] {
  return (crd?.status?.['conditions'] as CrdCondition[] | undefined) ?? []
}

function isTrue(crd: CustomResourceDefinition | undefined, type: string): boolean {
  return conditionsOf(crd).some(
    (condition) => condition.type === type && condition.status === 'True',
  )
}

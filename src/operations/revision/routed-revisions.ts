import {type Route, ROUTES, type Service, type TrafficTarget} from '../../api/serving/v1.ts'
import type {Client} from '../../client/client.ts'
import {KntoolError} from '../../errors/kntool-error.ts'

/** A Route that sends requests to a revision. */
export interface RouteUse {
  readonly route: string
  readonly percent: number
  readonly tags: readonly string[]
}

/** The Routes of a namespace that send requests to a revision, by share or by tag; one list. */
export async function routesTo(
  client: Client,
  namespace: string,
): Promise<(revision: string) => RouteUse[]> {
  const {items} = await client.list(ROUTES, {namespace})
  return (revision) => items.flatMap((route) => useOf(route, revision))
}

function useOf({metadata, spec, status}: Route, revision: string): RouteUse[] {
  // What is wanted and what is so: between the two, requests still arrive.
  const targets = (given: readonly TrafficTarget[] = []): TrafficTarget[] =>
    given.filter(({revisionName}) => revisionName === revision)
  const [wanted, present] = [targets(spec.traffic), targets(status?.traffic)]
  const share = (given: readonly TrafficTarget[]): number =>
    given.reduce((sum, {percent = 0}) => sum + percent, 0)
  const percent = Math.max(share(wanted), share(present))
  const tags = [...new Set([...wanted, ...present].flatMap(({tag}) => (tag ? [tag] : [])))]
  return percent > 0 || tags.length > 0 ? [{route: metadata.name, percent, tags}] : []
}

/**
 * The refusal to delete a revision that gets requests. `services` are those of the Routes, as far as they
 * have one: what `@latest` means there decides where the traffic can go.
 */
export function stillRouted(
  revision: string,
  uses: readonly RouteUse[],
  {namespace, services}: {namespace: string; services: readonly Service[]},
): KntoolError {
  const [first] = uses
  const parts = uses.map(({route, percent, tags}) => {
    const what = [...(percent > 0 ? [`${percent}%`] : []), ...tags.map((tag) => `tag ${tag}`)]
    return `route '${route}' (${what.join(', ')})`
  })
  const route = first?.route ?? ''
  return new KntoolError(
    'KN_CONFLICT',
    `can't delete revision '${revision}': it gets requests from ${parts.join(' and ')}`,
    {
      hint: [
        ...uses
          .filter(({percent}) => percent > 0)
          .flatMap(({route: name}) => {
            const service = services.find(({metadata}) => metadata.name === name)
            return moveHints(name, {namespace, isLatest: isLatestOf(service, revision)})
          }),
        ...(first?.tags.length
          ? [
              `Take the tag away: kntool traffic untag ${route} ${first.tags.join(' ')} -n ${namespace}`,
            ]
          : []),
        'Delete it all the same: add --force',
      ],
      details: {revision, routes: uses},
    },
  )
}

// The latest revision cannot leave its traffic to the latest, and would be made again of the template.
function moveHints(
  service: string,
  {namespace, isLatest}: {namespace: string; isLatest: boolean},
): string[] {
  const promote = `kntool traffic promote ${service}`
  return isLatest
    ? [
        `It is the latest. Make a newer one that takes its traffic: kntool service update ${service} -n ${namespace} …`,
        `Or move the traffic to the one before; it is then made again, without traffic: ${promote} @prev -n ${namespace}`,
      ]
    : [`Move the traffic: ${promote} @latest -n ${namespace}`]
}

function isLatestOf(service: Service | undefined, revision: string): boolean {
  const {latestReadyRevisionName, latestCreatedRevisionName} = service?.status ?? {}
  return revision === latestReadyRevisionName || revision === latestCreatedRevisionName
}

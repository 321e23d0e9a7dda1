import {type Route, ROUTES, type TrafficTarget} from '../../api/serving/v1.ts'
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

/** The refusal to delete a revision that gets requests. */
export function stillRouted(revision: string, uses: readonly RouteUse[]): KntoolError {
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
          .map((use) => `Move the traffic: kntool traffic promote ${use.route} @latest`),
        ...(first?.tags.length
          ? [`Take the tag away: kntool traffic untag ${route} ${first.tags.join(' ')}`]
          : []),
        'Delete it all the same: add --force',
      ],
      details: {revision, routes: uses},
    },
  )
}

import {parentsOf, plainName} from './names.ts'

/** A hosted zone. */
export interface HostedZone {
  /** Without `/hostedzone/`. */
  readonly id: string
  /** Without the dot at the end. */
  readonly name: string
  readonly private: boolean
}

/** The zone that is to hold the record, or why none can. */
export type ZoneChoice =
  | {readonly zone: HostedZone}
  | {readonly problem: string; readonly hint: readonly string[]}

/** What the choice depends on. */
export interface ZoneWish {
  readonly domain: string
  /** The zone by its id or name, if somebody named it. */
  readonly hostedZone?: string | undefined
  /** Whether the record is for everybody or for those inside the VPC. */
  readonly scheme: 'internet-facing' | 'internal'
}

/**
 * The zone for the record of `domain`: of those whose name is an end of it, the one with the longest.
 *
 * | scheme          | zones of that name        | choice      |
 * |-----------------|---------------------------|-------------|
 * | internet-facing | one public                | it          |
 * | internet-facing | only private              | none        |
 * | internal        | one private               | it          |
 * | internal        | no private, one public    | the public  |
 * | any             | several that would do     | none: which?|
 */
export function chooseZone(zones: readonly HostedZone[], wish: ZoneWish): ZoneChoice {
  const {domain, hostedZone, scheme} = wish
  if (hostedZone !== undefined) return namedZone(zones, wish)
  for (const name of parentsOf(domain)) {
    const candidates = zones.filter((zone) => zone.name === name)
    const fitting = fittingZones(candidates, scheme)
    const [zone, ...others] = fitting
    if (zone !== undefined && others.length === 0) return {zone}
    if (zone !== undefined) {
      return {
        problem: `There are ${fitting.length} ${zone.private ? 'private' : 'public'} zones called ${name}: ${fitting.map(({id}) => id).join(', ')}.`,
        hint: [`Choose one: --hosted-zone ${zone.id}`],
      }
    }
  }
  const hidden = zones.find((zone) => parentsOf(domain).includes(zone.name))
  if (hidden !== undefined) {
    return {
      problem: `The zone ${hidden.name} (${hidden.id}) is private: nobody on the internet would find ${domain}.`,
      hint: ['Create a public zone of that name, or --scheme internal'],
    }
  }
  return {
    problem: `No hosted zone of this account holds ${domain}.`,
    hint: [
      `Create one: aws route53 create-hosted-zone --name ${parentsOf(domain).at(-2) ?? domain} --caller-reference kntool`,
      'Or use the account that has it: --profile NAME',
      'Or make the record elsewhere: --dns none',
    ],
  }
}

function fittingZones(
  candidates: readonly HostedZone[],
  scheme: ZoneWish['scheme'],
): readonly HostedZone[] {
  const hidden = candidates.filter((zone) => zone.private)
  const open = candidates.filter((zone) => !zone.private)
  if (scheme === 'internet-facing') return open
  return hidden.length > 0 ? hidden : open
}

function namedZone(zones: readonly HostedZone[], {domain, hostedZone = ''}: ZoneWish): ZoneChoice {
  const wanted = plainName(hostedZone.replace(/^\/?hostedzone\//, ''))
  const found = zones.filter(({id, name}) => id.toLowerCase() === wanted || name === wanted)
  const [zone, ...others] = found
  if (zone === undefined) {
    return {
      problem: `There is no hosted zone ${hostedZone} in this account.`,
      hint: ['List them: aws route53 list-hosted-zones'],
    }
  }
  if (others.length > 0) {
    return {
      problem: `${found.length} zones are called ${hostedZone}: ${found.map(({id}) => id).join(', ')}.`,
      hint: [`Choose by id: --hosted-zone ${zone.id}`],
    }
  }
  if (!parentsOf(domain).includes(zone.name)) {
    return {
      problem: `The zone ${zone.name} (${zone.id}) cannot hold ${domain}: its name is no end of it.`,
      hint: ['Leave --hosted-zone out, or give the zone of the domain.'],
    }
  }
  return {zone}
}

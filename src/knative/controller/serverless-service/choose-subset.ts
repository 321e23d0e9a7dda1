/**
 * Chooses a few of many, always the same few for the same target, and different ones for different
 * targets.
 *
 * Counterpart of knative.dev/pkg `hash.ChooseSubset`: same choice, so that a rolling upgrade from
 * one implementation to the other moves no traffic.
 */

/** Angles go round in this many steps. */
const UNIVERSE = 2_048n

/** `count` of `items`, or all of them if there are no more. */
export function chooseSubset(
  items: ReadonlySet<string>,
  count: number,
  target: string,
): ReadonlySet<string> {
  if (count >= items.size) return items
  const byAngle = spread(items, target)
  const angles = [...byAngle.keys()].toSorted((left, right) => left - right)
  const step = angleOf(hash(`${target}step-angle-salt`))
  let angle = angleOf(hash(`${target}start-angle-salt`))
  const chosen = new Set<number>()
  while (chosen.size < count) {
    let index = angles.findIndex((candidate) => candidate >= angle)
    if (index < 0) index = 0
    while (chosen.has(index)) index = (index + 1) % angles.length
    chosen.add(index)
    angle = (angle + step) % Number(UNIVERSE)
  }
  const subset = new Set<string>()
  for (const index of chosen) {
    const item = byAngle.get(angles[index] ?? -1)
    if (item !== undefined) subset.add(item)
  }
  return subset
}

/** Gives each item an angle of its own. */
function spread(items: ReadonlySet<string>, target: string): Map<number, string> {
  const byAngle = new Map<number, string>()
  for (const item of [...items].toSorted()) {
    let salted = item + target
    let code = hash(salted)
    while (byAngle.has(angleOf(code))) {
      salted += code.toString(16)
      code = hash(salted)
    }
    byAngle.set(angleOf(code), item)
  }
  return byAngle
}

function angleOf(code: bigint): number {
  return Number(code % UNIVERSE)
}

/** FNV-1a, 64 bits. */
function hash(text: string): bigint {
  let code = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    code = BigInt.asUintN(64, (code ^ BigInt(byte)) * 0x100000001b3n)
  }
  return code
}

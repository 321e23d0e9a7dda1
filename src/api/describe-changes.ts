import {isJsonObject} from '../util/json.ts'
import {semanticEqual} from '../util/semantic-equal.ts'

/**
 * What changed between two values, one entry per field under its path as people write it:
 *
 *     spec.containers[0].image:
 *     	-: "registry.example/web:1"
 *     	+: "registry.example/web:2"
 *
 * A side that is not there has no line. Absent and empty are the same; empty when nothing changed.
 */
export function describeChanges(old: unknown, current: unknown, path: string): string {
  return [...changes(old, current, path)].join('')
}

function* changes(old: unknown, current: unknown, path: string): Generator<string> {
  if (semanticEqual(old, current)) return
  if (isJsonObject(old) && isJsonObject(current)) {
    for (const name of new Set([...Object.keys(old), ...Object.keys(current)])) {
      yield* changes(old[name], current[name], `${path}${step(name)}`)
    }
  } else if (Array.isArray(old) && Array.isArray(current)) {
    yield* listChanges(old, current, path)
  } else {
    yield `${path}:\n${side('-', old)}${side('+', current)}`
  }
}

/** Sets the equal items at both ends aside and pairs the rest in order. */
function* listChanges(
  old: readonly unknown[],
  current: readonly unknown[],
  path: string,
): Generator<string> {
  const shorter = Math.min(old.length, current.length)
  let head = 0
  while (head < shorter && semanticEqual(old[head], current[head])) head++
  let tail = 0
  while (tail < shorter - head && semanticEqual(old.at(-1 - tail), current.at(-1 - tail))) tail++
  const end = Math.max(old.length, current.length) - tail
  for (let index = head; index < end; index++) {
    const before = index < old.length - tail ? old[index] : undefined
    const after = index < current.length - tail ? current[index] : undefined
    yield* changes(before, after, `${path}[${index}]`)
  }
}

function step(name: string): string {
  return /^\w+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

function side(sign: '-' | '+', value: unknown): string {
  return value === undefined || value === null ? '' : `\t${sign}: ${JSON.stringify(value)}\n`
}

/** Objects that a genuine Knative stored. They lie outside of the repository and may be absent. */
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {readYaml} from '../../src/util/yaml/read-yaml.ts'
import type {KubeObject} from '../../src/api/meta/object.ts'
import {RECORDINGS} from './requirements.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..', 'shared', 'golden')

/** The objects of `<folder>/<kind>.yaml`; none when the folder has no such file. */
export function goldenObjects<T extends KubeObject>(folder: string, kind: string): T[] {
  const path = join(ROOT, folder, `${kind}.yaml`)
  if (!existsSync(path)) return []
  const document = readYaml(readFileSync(path, 'utf8')) as {items?: T[]}
  return document.items ?? []
}

/** Where a recorded file or folder lies; it may be absent. */
export function goldenPath(path: string): string {
  return join(ROOT, path)
}

/** The text of a recorded file. */
export function goldenText(path: string): string {
  return readFileSync(goldenPath(path), 'utf8')
}

/** Folders that hold `<kind>.yaml`, relative to the recordings. */
export function goldenFolders(kind: string): string[] {
  return goldenFiles(`${kind}.yaml`).map((path) => dirname(path))
}

/** All files of that name, relative to the recordings. */
export function goldenFiles(name: string): string[] {
  if (!RECORDINGS.isMet()) return []
  return readdirSync(ROOT, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.name === name)
    .map((entry) => relative(ROOT, join(entry.parentPath, name)))
    .toSorted()
}

/**
 * `recorded`, restricted to the fields that `made` has: what the server filled in falls away.
 * Lists keep their length, so that a missing or a surplus item shows.
 */
export function restrictTo(recorded: unknown, made: unknown): unknown {
  if (Array.isArray(recorded) && Array.isArray(made)) {
    return recorded.map((item, index) => restrictTo(item, made[index] ?? item))
  }
  if (!isRecord(recorded) || !isRecord(made)) return recorded
  const kept: Record<string, unknown> = {}
  for (const key of Object.keys(recorded)) {
    if (key in made) kept[key] = restrictTo(recorded[key], made[key])
  }
  return kept
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

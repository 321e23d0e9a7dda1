import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {KubeObject, Status} from '../../../../src/api/meta/object.ts'

/** One exchange with a genuine kube-apiserver. */
export interface Exchange {
  readonly name: string
  readonly request: {method: string; path: string; contentType: string | null; body: unknown}
  readonly response: {status: number; body: KubeObject | Status}
}

const GOLDEN = join(import.meta.dirname, '../../../../../shared/golden')

/** The exchanges of a folder of recordings, in order. */
export function exchangesOf(folder: string): Exchange[] {
  const directory = join(GOLDEN, folder)
  return readdirSync(directory)
    .filter((file) => /^\d+-.*\.json$/.test(file))
    .toSorted()
    .map((file) => ({
      ...(JSON.parse(readFileSync(join(directory, file), 'utf8')) as Omit<Exchange, 'name'>),
      name: file.replace('.json', ''),
    }))
}

/** The exchange whose name begins with `number`. */
export function exchange(folder: string, number: string): Exchange {
  const found = exchangesOf(folder).find(({name}) => name.startsWith(`${number}-`))
  if (found === undefined) throw new Error(`no recording ${number} in ${folder}`)
  return found
}

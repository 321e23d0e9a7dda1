/** What some tests need of the machine. Where it is not there they are skipped, and the run says why. */
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'

/** Something that a machine has or has not. */
export interface Requirement {
  /** What is missing where it is missing, to be read after "needs". */
  readonly name: string
  /** Looks once for each file of tests, and only when it is asked. */
  readonly isMet: () => boolean
}

declare module 'vitest' {
  interface TaskMeta {
    /** Why a test is skipped; printed at the end of the run. */
    skippedFor?: string
  }
}

const SHARED = join(import.meta.dirname, '../../../shared')

/** Recordings of a genuine cluster. They lie outside of the repository. */
export const RECORDINGS = folder('golden', 'recordings of a genuine cluster in ../shared/golden')
/** The official files of Knative 1.13.1. They lie outside of the repository. */
export const RELEASE_FILES = folder(
  'manifests/knative-v1.13.1',
  'release files in ../shared/manifests/knative-v1.13.1',
)
/** The real kubectl. */
export const KUBECTL = program('kubectl', ['version', '--client'])
/** The emulator of AWS. */
export const MOTO = program('moto_server', ['--help'])
/** `script` of util-linux, which gives a program a terminal. */
export const SCRIPT: Requirement = {
  name: 'script of util-linux on the PATH',
  isMet: once(() => spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false),
}

/** A program on the PATH; `args` makes it end with 0 at once. */
export function program(name: string, args: readonly string[]): Requirement {
  return {name: `${name} on the PATH`, isMet: once(() => spawnSync(name, args).status === 0)}
}

/** An operating system, by Node's names. */
export function platform(name: string, isMet: boolean): Requirement {
  return {name, isMet: () => isMet}
}

/** Options of a test or of a block of tests that are skipped unless all of that is there. */
export function needs(...requirements: readonly Requirement[]): SkipOptions {
  const missing = requirements.filter(({isMet}) => !isMet()).map(({name}) => name)
  return skippedFor(missing.length === 0 ? undefined : `needs ${missing.join(' and ')}`)
}

/** Options of a test that is skipped for a reason, where there is one. */
export function skippedFor(reason: string | undefined): SkipOptions {
  return reason === undefined ? {} : {skip: true, meta: {skippedFor: reason}}
}

interface SkipOptions {
  readonly skip?: boolean
  readonly meta?: {skippedFor: string}
}

function folder(path: string, name: string): Requirement {
  return {name, isMet: once(() => existsSync(join(SHARED, path)))}
}

function once(look: () => boolean): () => boolean {
  let found: boolean | undefined
  return () => (found ??= look())
}

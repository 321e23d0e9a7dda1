/** Flags of `install` and its relatives, and what they mean together. */
import * as Flags from '@oclif/core/flags'
import {domainProblem} from '../install/domain-name.ts'
import type {InstallSettings} from '../install/settings.ts'
import {integerFlag} from './flags.ts'
import {usageError} from './usage-error.ts'

/** What is installed, and how. */
export const installFlags = {
  domain: Flags.string({
    summary: 'Domain of the services: knative.example.com',
    helpValue: 'DOMAIN',
  }),
  manifests: Flags.string({
    summary: 'Folder with the release files, instead of those that go with the cluster',
    helpValue: 'DIR',
  }),
  timeout: integerFlag({
    summary: 'Seconds each step may wait for the cluster (default: 300)',
    helpValue: 'SECONDS',
  }),
}

/** The values of {@link installFlags}. */
export interface InstallFlagValues {
  readonly domain?: string | undefined
  readonly manifests?: string | undefined
  readonly timeout?: number | undefined
}

/** The settings that flags describe. Throws `KN_USAGE`. */
export function readInstallSettings(flags: InstallFlagValues, command: string): InstallSettings {
  const {domain, timeout = 300} = flags
  if (domain === undefined) {
    throw usageError('a domain is needed: --domain knative.example.com', command)
  }
  const problem = domainProblem(domain)
  if (problem !== undefined) {
    throw usageError(`"${domain}" cannot be the domain of services: ${problem}`, command)
  }
  if (timeout <= 0) throw usageError('--timeout has to be more than 0 seconds', command)
  return {domain, stepTimeoutMs: timeout * 1000}
}

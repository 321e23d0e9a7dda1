/** Flags that several commands share, with kn's names, shorthands and defaults. */
import * as Flags from '@oclif/core/flags'
import {parseDuration} from '../../util/duration.ts'
import {parseInteger} from '../../util/strconv.ts'
import {usageError} from '../usage-error.ts'

/** What every command has. */
export const commonFlags = {
  config: Flags.string({
    summary: 'Configuration file (default: ~/.config/kntool/config.yaml)',
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
    env: 'KNTOOL_CONFIG',
  }),
  'config-profile': Flags.string({
    summary: 'Profile of the configuration file whose defaults count',
    helpGroup: 'GLOBAL',
    helpValue: 'NAME',
    env: 'KNTOOL_CONFIG_PROFILE',
  }),
  quiet: Flags.boolean({
    char: 'q',
    summary: 'Print nothing but results and errors',
    helpGroup: 'GLOBAL',
    env: 'KNTOOL_QUIET',
  }),
}

/** Which cluster, and as whom. Every command that talks to a cluster has them. */
export const clusterFlags = {
  kubeconfig: Flags.string({
    summary: 'Kubeconfig file to use instead of KUBECONFIG and ~/.kube/config',
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
  }),
  context: Flags.string({
    summary: 'Context of the kubeconfig to use',
    helpGroup: 'GLOBAL',
    helpValue: 'NAME',
    env: 'KNTOOL_CONTEXT',
  }),
  cluster: Flags.string({
    summary: 'Cluster of the kubeconfig to use',
    helpGroup: 'GLOBAL',
    helpValue: 'NAME',
    env: 'KNTOOL_KUBE_CLUSTER',
  }),
  embedded: Flags.boolean({
    summary: 'Use the embedded cluster, inside this process if it is not running',
    helpGroup: 'GLOBAL',
    env: 'KNTOOL_EMBEDDED',
  }),
  as: Flags.string({
    summary: 'User to act as',
    helpGroup: 'GLOBAL',
    helpValue: 'USER',
  }),
  'as-uid': Flags.string({summary: 'UID to act as', helpGroup: 'GLOBAL', helpValue: 'UID'}),
  'as-group': Flags.string({
    summary: 'Group to act as; may be given several times',
    helpGroup: 'GLOBAL',
    helpValue: 'GROUP',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'log-http': Flags.boolean({
    summary: 'Write a line for every request to the cluster to standard error',
    helpGroup: 'GLOBAL',
    allowNo: true,
  }),
  ...commonFlags,
}

/** `-n`. */
export const namespaceFlags = {
  namespace: Flags.string({
    char: 'n',
    summary: 'Namespace to work in',
    helpValue: 'NAME',
    env: 'KNTOOL_NAMESPACE',
  }),
}

/** `-n` and `-A`. */
export const namespacesFlags = {
  ...namespaceFlags,
  'all-namespaces': Flags.boolean({char: 'A', summary: 'Show the objects of all namespaces'}),
}

/** How to print what is no object of a cluster: in words, or for programs. */
export const machineOutputFlags = {
  output: Flags.option({
    char: 'o',
    summary: 'Print as json or yaml',
    options: ['json', 'yaml'] as const,
    env: 'KNTOOL_OUTPUT',
  })(),
}

/** `-o` and what goes with it, of commands that print objects. */
export const outputFlags = {
  output: Flags.string({
    char: 'o',
    summary:
      'Print as json, yaml, name, jsonpath=TEMPLATE, jsonpath-as-json=TEMPLATE, jsonpath-file=FILE, ' +
      'go-template=TEMPLATE or go-template-file=FILE instead of text',
    helpValue: 'FORMAT',
    env: 'KNTOOL_OUTPUT',
  }),
  template: Flags.string({
    summary: 'Template, or file of it, for the formats that take one',
    helpValue: 'TEMPLATE',
  }),
  'allow-missing-template-keys': Flags.boolean({
    summary: 'Leave out what a template names and the object does not have (default: true)',
  }),
  'show-managed-fields': Flags.boolean({summary: 'Keep managedFields in json and yaml'}),
}

/** `-o` and what goes with it, of commands that print lists. */
export const listFlags = {
  ...outputFlags,
  'no-headers': Flags.boolean({summary: 'Leave out the line of column names'}),
}

/** `-v`. */
export const verboseFlags = {
  verbose: Flags.boolean({char: 'v', summary: 'Show more'}),
}

/** How long to wait for what; `what` completes the sentences of the help. */
export function waitFlags(what: string, waitByDefault: boolean) {
  return {
    wait: Flags.boolean({
      summary: `Wait until ${what} (default: ${waitByDefault})`,
      allowNo: true,
    }),
    ...waitLimitFlags(what),
  }
}

/** How long to wait at most. */
export function waitLimitFlags(what: string) {
  return {
    'wait-timeout': integerFlag({
      summary: `Seconds after which to give up waiting until ${what} (default: 600)`,
      helpValue: 'SECONDS',
    }),
    'wait-window': integerFlag({
      summary: 'Seconds that Ready=False has to last to count as failure (default: 2)',
      helpValue: 'SECONDS',
    }),
  }
}

/** A flag that takes an integer. */
export const integerFlag = Flags.custom<number>({
  async parse(text, context, options) {
    try {
      return parseInteger(text, 64)
    } catch (error) {
      throw usageError(
        `invalid argument "${text}" for "--${options.name}" flag: ${(error as Error).message}`,
        commandPath(context),
      )
    }
  },
})

/** A flag that takes a duration as Go writes it (`90s`, `1h30m`); its value is in milliseconds. */
export const durationFlag = Flags.custom<number>({
  async parse(text, context, options) {
    try {
      return parseDuration(text)
    } catch (error) {
      throw usageError(
        `invalid argument "${text}" for "--${options.name}" flag: ${(error as Error).message}`,
        commandPath(context),
      )
    }
  },
})

/** A flag that may be repeated; commas stay in its values (kn's `stringArray`). */
export const repeatedFlag = (options: {
  summary: string
  char?: 'a' | 'e' | 'l'
  helpValue?: string
}) => Flags.string({...options, multiple: true, multipleNonGreedy: true})

/** A flag that may be repeated and whose values are comma-separated lists (kn's `strings`). */
export const listFlag = (options: {summary: string; char?: 'f'; helpValue?: string}) =>
  Flags.string({...options, multiple: true, multipleNonGreedy: true, delimiter: ','})

function commandPath(context: unknown): string {
  const {id} = (context ?? {}) as {id?: string}
  return id === undefined ? 'kntool' : `kntool ${id.replaceAll(':', ' ')}`
}

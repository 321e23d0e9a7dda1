/** Which kind of value flags and arguments take. */
import type {CommandEntry} from '../command-table.ts'

/** Kinds of values that are known only to a cluster. */
export type ClusterValueKind =
  | 'services'
  | 'revisions'
  | 'routes'
  | 'domains'
  | 'secrets'
  | 'namespaces'
  | 'images'
  | 'tags'
  /** Revisions by name, tag and role. */
  | 'references'

/** A kind of value. */
export type ValueKind =
  | ClusterValueKind
  | 'contexts'
  | 'clusters'
  | 'profiles'
  | 'aws-profiles'
  | 'shells'
  | 'files'
  /** `references`, each followed by `=` and something a person types. */
  | 'shares'

/** Flags that mean the same in all commands that have them. */
const FLAGS: Readonly<Record<string, ValueKind>> = {
  namespace: 'namespaces',
  context: 'contexts',
  cluster: 'clusters',
  'config-profile': 'profiles',
  profile: 'profiles',
  service: 'services',
  prune: 'services',
  image: 'images',
  revision: 'references',
  traffic: 'shares',
  untag: 'tags',
  tls: 'secrets',
  'pull-secret': 'secrets',
  kubeconfig: 'files',
  config: 'files',
  filename: 'files',
  'env-file': 'files',
  containers: 'files',
  'init-containers': 'files',
  'data-dir': 'files',
  images: 'files',
  manifests: 'files',
  target: 'files',
  'cache-dir': 'files',
  'tls-cert': 'files',
  'tls-key': 'files',
}

/** Flags that are something else in one command. */
const COMMAND_FLAGS: Readonly<Record<string, ValueKind>> = {
  'curl:tag': 'tags',
  'open:tag': 'tags',
  'service:update:tag': 'shares',
}

/** Arguments by command; the last one also stands for those after it. */
const ARGUMENTS: Readonly<Record<string, readonly (ValueKind | undefined)[]>> = {
  completion: ['shells', undefined],
  curl: ['services', undefined],
  logs: ['services', undefined],
  open: ['services', undefined],
  'domain:delete': ['domains', undefined],
  'domain:describe': ['domains', undefined],
  'domain:update': ['domains', undefined],
  'revision:create': ['services', undefined],
  'revision:delete': ['revisions'],
  'revision:describe': ['revisions', undefined],
  'revision:list': ['revisions', undefined],
  'route:describe': ['routes', undefined],
  'route:list': ['routes', undefined],
  'secret:delete': ['secrets', undefined],
  'service:apply': ['services', undefined],
  'service:delete': ['services'],
  'service:describe': ['services', undefined],
  'service:export': ['services', undefined],
  'service:import': ['files', undefined],
  'service:list': ['services', undefined],
  'service:update': ['services', undefined],
  'service:wait': ['services', undefined],
  'traffic:describe': ['services', undefined],
  'traffic:promote': ['services', 'references', undefined],
  'traffic:rollback': ['services', undefined],
  'traffic:split': ['services', 'shares'],
  'traffic:tag': ['services', 'shares'],
  'traffic:untag': ['services', 'tags'],
}

/** What a flag of a command takes, if that is known. The profile of an installation is one of AWS. */
export function kindOfFlag({id}: CommandEntry, flag: string): ValueKind | undefined {
  if (flag === 'profile' && !/^(service|revision):/.test(id)) return 'aws-profiles'
  return COMMAND_FLAGS[`${id}:${flag}`] ?? FLAGS[flag]
}

/** What an argument of a command is, if that is known. */
export function kindOfArgument({id}: CommandEntry, index: number): ValueKind | undefined {
  const kinds = ARGUMENTS[id] ?? []
  return kinds[Math.min(index, kinds.length - 1)]
}

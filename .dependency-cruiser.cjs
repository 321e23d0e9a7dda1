/**
 * Who may import whom (see docs/architecture.md). A folder may import itself, what is listed for it,
 * and nothing else of `src`; so there are no circles between folders.
 */
const BASE = ['util', 'errors', 'api']
const CLIENT = [...BASE, 'client']
const CONTROLLER = [...CLIENT, 'controller']

const MAY_IMPORT = {
  util: [],
  errors: ['util'],
  api: ['util', 'errors'],
  client: BASE,
  controller: CLIENT,
  http: BASE,
  'kubernetes/storage': BASE,
  'kubernetes/patch': BASE,
  'kubernetes/kube-proxy': BASE,
  'kubernetes/apiserver': [
    ...BASE,
    'kubernetes/kube-proxy',
    'kubernetes/patch',
    'kubernetes/storage',
  ],
  'kubernetes/kinds': [
    ...BASE,
    'kubernetes/apiserver',
    'kubernetes/kube-proxy',
    'kubernetes/patch',
    'kubernetes/storage',
  ],
  'kubernetes/controllers': CONTROLLER,
  'kubernetes/runtimes': [...BASE, 'http'],
  'kubernetes/kubelet': [...CONTROLLER, 'http', 'kubernetes/runtimes'],
  'knative/webhook': BASE,
  'knative/autoscaler': BASE,
  'knative/controller': [...CONTROLLER, 'kubernetes/kube-proxy'],
  'knative/activator': [...CONTROLLER, 'http'],
  'knative/queue-proxy': [...BASE, 'http'],
  'istio/net-istio': [...CONTROLLER, 'kubernetes/kube-proxy'],
  'istio/gateway': [...CONTROLLER, 'http', 'kubernetes/kube-proxy'],
  aws: CLIENT,
  install: [...CLIENT, 'aws'],
  doctor: [...CLIENT, 'aws', 'install'],
  trace: CLIENT,
}
const COMPONENTS = Object.keys(MAY_IMPORT)
Object.assign(MAY_IMPORT, {
  local: COMPONENTS,
  operations: [...COMPONENTS, 'local'],
  ui: [...COMPONENTS, 'local', 'operations'],
  cli: [...COMPONENTS, 'local', 'operations', 'ui'],
  quickstart: [...COMPONENTS, 'local', 'operations', 'ui', 'cli'],
})

const layers = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder} imports only what is below it`,
  severity: 'error',
  from: {path: `^src/${folder}/`},
  to: {
    path: '^(src|commands)/',
    pathNot: [folder, ...allowed].map((name) => `^src/${name}/`),
  },
}))

/** Packages that one folder hides from all others. */
const OWNED_PACKAGES = [
  {packages: '@oclif/', owners: '^(src/cli/|commands/|bin/|test/)'},
  {packages: '(ink|react)/', owners: '^(src/ui/|test/)'},
  {packages: '@kubernetes/client-node/', owners: '^(src/client/|test/)'},
  {packages: 'dockerode/', owners: '^(src/kubernetes/runtimes/|test/)'},
]

module.exports = {
  forbidden: [
    ...layers,
    ...OWNED_PACKAGES.map(({packages, owners}) => ({
      name: `${packages} belongs to ${owners}`,
      severity: 'error',
      from: {pathNot: owners},
      to: {path: `node_modules/${packages}`},
    })),
    {
      name: 'no circles',
      severity: 'error',
      from: {path: '^(src|commands)/'},
      to: {circular: true},
    },
    {
      name: 'nothing imports commands or tests',
      severity: 'error',
      from: {path: '^src/'},
      to: {path: '^(commands|test)/'},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    doNotFollow: {path: 'node_modules'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}

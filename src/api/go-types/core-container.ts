/** Containers of k8s.io/api `core/v1`. */
import {
  LOCAL_OBJECT_REFERENCE,
  OBJECT_FIELD_SELECTOR,
  RESOURCE_FIELD_SELECTOR,
} from './core-references.ts'
import {
  BOOLEAN,
  INT32,
  INT64,
  INT_OR_STRING,
  QUANTITY,
  STRING,
  always,
  embedded,
  field,
  list,
  map,
  pointer,
  struct,
  text,
  unlisted,
} from './declare.ts'

const SOURCE_OPTIONAL = 'Whether the container may start although the object is missing.'
const IS_OPTIONAL = 'Whether the container may start although the object or the key is missing.'
const PROBED_PORT = 'Number or name of the port. Knative fills in the port of the container.'

export const RESOURCE_LIST = map(QUANTITY, 'v1.ResourceList')

export const CONTAINER_PORT = struct(
  'v1.ContainerPort',
  {
    name: field(STRING, 'Protocol of the port: "http1", or "h2c" for HTTP/2 and gRPC without TLS.'),
    hostPort: unlisted(INT32),
    containerPort: always(
      INT32,
      'Number of the port. The container learns it from the variable PORT as well.',
    ),
    protocol: field(text('v1.Protocol'), 'The transport: TCP.', {default: 'TCP'}),
    hostIP: unlisted(STRING),
  },
  {description: 'A port of a container.'},
)

const CONFIG_MAP_ENV_SOURCE = struct('v1.ConfigMapEnvSource', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  optional: field(pointer(BOOLEAN), SOURCE_OPTIONAL),
})

const SECRET_ENV_SOURCE = struct('v1.SecretEnvSource', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  optional: field(pointer(BOOLEAN), SOURCE_OPTIONAL),
})

const ENV_FROM_SOURCE = struct(
  'v1.EnvFromSource',
  {
    prefix: field(STRING, 'What stands before each key in the name of its variable.'),
    configMapRef: field(pointer(CONFIG_MAP_ENV_SOURCE), 'The ConfigMap.'),
    secretRef: field(pointer(SECRET_ENV_SOURCE), 'The Secret.'),
  },
  {description: 'An object whose keys become environment variables.'},
)

const CONFIG_MAP_KEY_SELECTOR = struct(
  'v1.ConfigMapKeySelector',
  {
    reference: embedded(LOCAL_OBJECT_REFERENCE),
    key: always(STRING, 'The key.'),
    optional: field(pointer(BOOLEAN), IS_OPTIONAL),
  },
  {description: 'A key of a ConfigMap.'},
)

const SECRET_KEY_SELECTOR = struct(
  'v1.SecretKeySelector',
  {
    reference: embedded(LOCAL_OBJECT_REFERENCE),
    key: always(STRING, 'The key.'),
    optional: field(pointer(BOOLEAN), IS_OPTIONAL),
  },
  {description: 'A key of a Secret.'},
)

export const ENV_VAR_SOURCE = struct('v1.EnvVarSource', {
  fieldRef: field(pointer(OBJECT_FIELD_SELECTOR), 'A field of the pod.', {
    features: ['podSpecFieldRef'],
    opaque: true,
    atomic: true,
  }),
  resourceFieldRef: field(pointer(RESOURCE_FIELD_SELECTOR), 'A resource of the container.', {
    features: ['podSpecFieldRef'],
    opaque: true,
    atomic: true,
  }),
  configMapKeyRef: field(pointer(CONFIG_MAP_KEY_SELECTOR), 'A key of a ConfigMap.'),
  secretKeyRef: field(pointer(SECRET_KEY_SELECTOR), 'A key of a Secret.'),
})

export const ENV_VAR = struct(
  'v1.EnvVar',
  {
    name: always(STRING, 'Name of the variable.'),
    value: field(STRING, 'Its value. $(NAME) stands for a variable that was set before.'),
    valueFrom: field(
      pointer(ENV_VAR_SOURCE),
      'Where its value comes from; not together with "value".',
    ),
  },
  {description: 'An environment variable.'},
)

export const RESOURCE_REQUIREMENTS = struct('v1.ResourceRequirements', {
  limits: field(RESOURCE_LIST, 'The most that the container may use.'),
  requests: field(RESOURCE_LIST, 'What is set aside for the container; its limits if not set.'),
  claims: field(
    list(
      struct(
        'v1.ResourceClaim',
        {name: always(STRING, 'Name of the claim.')},
        {description: 'A claim of the pod.'},
      ),
    ),
    'Claims of the pod that the container uses.',
    {mergeKeys: ['name'], refused: true},
  ),
})

const RESIZE_POLICY = struct('v1.ContainerResizePolicy', {
  resourceName: always(text('v1.ResourceName')),
  restartPolicy: always(text('v1.ResourceResizeRestartPolicy')),
})

export const VOLUME_MOUNT = struct(
  'v1.VolumeMount',
  {
    name: always(STRING, 'Name of the volume.'),
    readOnly: field(
      BOOLEAN,
      'Whether the container may only read. Secrets and ConfigMaps are always read-only.',
    ),
    mountPath: always(STRING, 'The path in the container; without a colon.'),
    subPath: field(STRING, 'The path in the volume that appears; its root if not set.'),
    mountPropagation: unlisted(pointer(text('v1.MountPropagationMode'))),
    subPathExpr: unlisted(STRING),
  },
  {description: 'A place where a volume appears.'},
)

const VOLUME_DEVICE = struct('v1.VolumeDevice', {
  name: always(STRING),
  devicePath: always(STRING),
})

const EXEC = struct('v1.ExecAction', {
  command: field(list(STRING), 'The command with its arguments, without a shell.'),
})

const HTTP_HEADER = struct(
  'v1.HTTPHeader',
  {name: always(STRING, 'Name of the header.'), value: always(STRING, 'Value of the header.')},
  {description: 'A header of a request.'},
)

const HTTP_GET = struct('v1.HTTPGetAction', {
  path: field(STRING, 'Path of the request.'),
  port: always(INT_OR_STRING, PROBED_PORT, {optional: 'defaulted'}),
  host: field(STRING, 'Host to ask; the address of the pod if not set.'),
  scheme: field(text('v1.URIScheme'), 'HTTP or HTTPS.'),
  httpHeaders: field(
    list(HTTP_HEADER),
    'Headers of the request. The same name may appear several times.',
  ),
})

const TCP_SOCKET = struct('v1.TCPSocketAction', {
  port: always(INT_OR_STRING, PROBED_PORT, {optional: 'defaulted'}),
  host: field(STRING, 'Host to connect to; the address of the pod if not set.'),
})

const GRPC = struct('v1.GRPCAction', {
  port: always(INT32, 'Number of the port.'),
  service: always(
    pointer(STRING),
    'The service whose health is asked for; the whole server if not set.',
    {optional: true},
  ),
})

export const PROBE_HANDLER = struct('v1.ProbeHandler', {
  exec: field(pointer(EXEC), 'Runs a command in the container: 0 is a success.'),
  httpGet: field(pointer(HTTP_GET), 'Sends an HTTP request: 200 to 399 is a success.'),
  tcpSocket: field(pointer(TCP_SOCKET), 'Opens a connection.'),
  grpc: field(pointer(GRPC), 'Asks the health service of a gRPC server.'),
})

export const PROBE = struct('v1.Probe', {
  handler: embedded(PROBE_HANDLER),
  initialDelaySeconds: field(
    INT32,
    'Seconds after the start of the container before the first check.',
  ),
  timeoutSeconds: field(INT32, 'Seconds until a check without an answer has failed.'),
  periodSeconds: field(
    INT32,
    'Seconds between two checks. 0 lets Knative check as often as it likes.',
  ),
  successThreshold: field(INT32, 'How many successes in a row count as one after a failure.'),
  failureThreshold: field(INT32, 'How many failures in a row count as one.'),
  terminationGracePeriodSeconds: unlisted(pointer(INT64)),
})

export const LIFECYCLE_HANDLER = struct('v1.LifecycleHandler', {
  exec: pointer(EXEC),
  httpGet: pointer(HTTP_GET),
  tcpSocket: pointer(TCP_SOCKET),
})

const LIFECYCLE = struct('v1.Lifecycle', {
  postStart: pointer(LIFECYCLE_HANDLER),
  preStop: pointer(LIFECYCLE_HANDLER),
})

const CAPABILITIES = struct('v1.Capabilities', {
  add: field(list(text('v1.Capability')), 'Capabilities to add.', {
    features: ['containerSpecAddCapabilities'],
  }),
  drop: field(list(text('v1.Capability')), 'Capabilities to take away.'),
})

export const SE_LINUX_OPTIONS = struct('v1.SELinuxOptions', {
  user: STRING,
  role: STRING,
  type: STRING,
  level: STRING,
})

export const WINDOWS_OPTIONS = struct('v1.WindowsSecurityContextOptions', {
  gmsaCredentialSpecName: pointer(STRING),
  gmsaCredentialSpec: pointer(STRING),
  runAsUserName: pointer(STRING),
  hostProcess: pointer(BOOLEAN),
})

export const SECCOMP_PROFILE = struct('v1.SeccompProfile', {
  type: always(text('v1.SeccompProfileType'), 'RuntimeDefault, Localhost or Unconfined.'),
  localhostProfile: field(
    pointer(STRING),
    'The file with the profile on the node, for the type Localhost only.',
  ),
})

export const SECURITY_CONTEXT = struct('v1.SecurityContext', {
  capabilities: field(
    pointer(CAPABILITIES),
    'Capabilities of Linux that the container gets or loses.',
  ),
  privileged: unlisted(pointer(BOOLEAN)),
  seLinuxOptions: unlisted(pointer(SE_LINUX_OPTIONS)),
  windowsOptions: unlisted(pointer(WINDOWS_OPTIONS)),
  runAsUser: field(pointer(INT64), 'User id of the command; that of the image if not set.'),
  runAsGroup: field(pointer(INT64), 'Group id of the command; that of the image if not set.'),
  runAsNonRoot: field(pointer(BOOLEAN), 'Whether the container must not start as root.'),
  readOnlyRootFilesystem: field(
    pointer(BOOLEAN),
    'Whether the root file system of the container is read-only.',
  ),
  allowPrivilegeEscalation: field(
    pointer(BOOLEAN),
    'Whether a process may get more privileges than its parent.',
  ),
  procMount: unlisted(pointer(text('v1.ProcMountType'))),
  seccompProfile: field(pointer(SECCOMP_PROFILE), 'Which system calls the container may make.'),
})

export const CONTAINER = struct(
  'v1.Container',
  {
    name: always(
      STRING,
      'Name of the container, unique within the pod. Filled in where there is only one.',
      {optional: true},
    ),
    image: field(STRING, 'The image. Its tag is resolved to a digest when the revision is made.'),
    command: field(
      list(STRING),
      'The command, without a shell; the entry point of the image if not set.',
    ),
    args: field(
      list(STRING),
      'Arguments of the command; those of the image if not set. $(NAME) stands for a variable.',
    ),
    workingDir: field(STRING, 'The directory of the command; that of the image if not set.'),
    ports: field(
      list(CONTAINER_PORT),
      'The port that takes requests: at most one, in one of the containers.',
      {mergeKeys: ['containerPort', 'protocol']},
    ),
    envFrom: field(
      list(ENV_FROM_SOURCE),
      'Objects whose keys become environment variables. What "env" names wins.',
    ),
    env: field(list(ENV_VAR), 'Environment variables.'),
    resources: field(
      RESOURCE_REQUIREMENTS,
      'CPU, memory and other resources that the container needs and may use.',
    ),
    resizePolicy: unlisted(list(RESIZE_POLICY)),
    restartPolicy: unlisted(pointer(text('v1.ContainerRestartPolicy'))),
    volumeMounts: field(list(VOLUME_MOUNT), 'Where the volumes appear in the file system.'),
    volumeDevices: unlisted(list(VOLUME_DEVICE)),
    livenessProbe: field(pointer(PROBE), 'Restarts the container when it fails.'),
    readinessProbe: field(
      pointer(PROBE),
      'Says whether the container can take requests. Knative asks whether the port listens if not set.',
    ),
    startupProbe: unlisted(pointer(PROBE)),
    lifecycle: unlisted(pointer(LIFECYCLE)),
    terminationMessagePath: field(STRING, 'The file whose text says why the container ended.'),
    terminationMessagePolicy: field(
      text('v1.TerminationMessagePolicy'),
      'Where that text comes from: File or FallbackToLogsOnError.',
    ),
    imagePullPolicy: field(
      text('v1.PullPolicy'),
      'When the image is pulled: Always, IfNotPresent or Never.',
    ),
    securityContext: field(pointer(SECURITY_CONTEXT), 'Security settings of the container.'),
    stdin: unlisted(BOOLEAN),
    stdinOnce: unlisted(BOOLEAN),
    tty: unlisted(BOOLEAN),
  },
  {description: 'A container of each pod.'},
)

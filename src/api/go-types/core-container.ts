/** Containers of k8s.io/api `core/v1`. */
import {
  LOCAL_OBJECT_REFERENCE,
  OBJECT_FIELD_SELECTOR,
  RESOURCE_FIELD_SELECTOR,
} from './core-volumes.ts'
import {
  BOOLEAN,
  INT32,
  INT64,
  INT_OR_STRING,
  QUANTITY,
  STRING,
  always,
  embedded,
  list,
  map,
  pointer,
  struct,
  text,
} from './go-type.ts'

export const RESOURCE_LIST = map(QUANTITY, 'v1.ResourceList')

const PORT = struct('v1.ContainerPort', {
  name: STRING,
  hostPort: INT32,
  containerPort: always(INT32),
  protocol: text('v1.Protocol'),
  hostIP: STRING,
})

const CONFIG_MAP_ENV_SOURCE = struct('v1.ConfigMapEnvSource', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  optional: pointer(BOOLEAN),
})

const SECRET_ENV_SOURCE = struct('v1.SecretEnvSource', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  optional: pointer(BOOLEAN),
})

const ENV_FROM_SOURCE = struct('v1.EnvFromSource', {
  prefix: STRING,
  configMapRef: pointer(CONFIG_MAP_ENV_SOURCE),
  secretRef: pointer(SECRET_ENV_SOURCE),
})

const CONFIG_MAP_KEY_SELECTOR = struct('v1.ConfigMapKeySelector', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  key: always(STRING),
  optional: pointer(BOOLEAN),
})

const SECRET_KEY_SELECTOR = struct('v1.SecretKeySelector', {
  reference: embedded(LOCAL_OBJECT_REFERENCE),
  key: always(STRING),
  optional: pointer(BOOLEAN),
})

const ENV_VAR_SOURCE = struct('v1.EnvVarSource', {
  fieldRef: pointer(OBJECT_FIELD_SELECTOR),
  resourceFieldRef: pointer(RESOURCE_FIELD_SELECTOR),
  configMapKeyRef: pointer(CONFIG_MAP_KEY_SELECTOR),
  secretKeyRef: pointer(SECRET_KEY_SELECTOR),
})

const ENV_VAR = struct('v1.EnvVar', {
  name: always(STRING),
  value: STRING,
  valueFrom: pointer(ENV_VAR_SOURCE),
})

const RESOURCE_REQUIREMENTS = struct('v1.ResourceRequirements', {
  limits: RESOURCE_LIST,
  requests: RESOURCE_LIST,
  claims: list(struct('v1.ResourceClaim', {name: always(STRING)})),
})

const RESIZE_POLICY = struct('v1.ContainerResizePolicy', {
  resourceName: always(text('v1.ResourceName')),
  restartPolicy: always(text('v1.ResourceResizeRestartPolicy')),
})

const VOLUME_MOUNT = struct('v1.VolumeMount', {
  name: always(STRING),
  readOnly: BOOLEAN,
  mountPath: always(STRING),
  subPath: STRING,
  mountPropagation: pointer(text('v1.MountPropagationMode')),
  subPathExpr: STRING,
})

const VOLUME_DEVICE = struct('v1.VolumeDevice', {
  name: always(STRING),
  devicePath: always(STRING),
})

const EXEC = struct('v1.ExecAction', {command: list(STRING)})

const HTTP_HEADER = struct('v1.HTTPHeader', {name: always(STRING), value: always(STRING)})

const HTTP_GET = struct('v1.HTTPGetAction', {
  path: STRING,
  port: always(INT_OR_STRING),
  host: STRING,
  scheme: text('v1.URIScheme'),
  httpHeaders: list(HTTP_HEADER),
})

const TCP_SOCKET = struct('v1.TCPSocketAction', {port: always(INT_OR_STRING), host: STRING})

const GRPC = struct('v1.GRPCAction', {port: always(INT32), service: always(pointer(STRING))})

const PROBE_HANDLER = struct('v1.ProbeHandler', {
  exec: pointer(EXEC),
  httpGet: pointer(HTTP_GET),
  tcpSocket: pointer(TCP_SOCKET),
  grpc: pointer(GRPC),
})

const PROBE = struct('v1.Probe', {
  handler: embedded(PROBE_HANDLER),
  initialDelaySeconds: INT32,
  timeoutSeconds: INT32,
  periodSeconds: INT32,
  successThreshold: INT32,
  failureThreshold: INT32,
  terminationGracePeriodSeconds: pointer(INT64),
})

const LIFECYCLE_HANDLER = struct('v1.LifecycleHandler', {
  exec: pointer(EXEC),
  httpGet: pointer(HTTP_GET),
  tcpSocket: pointer(TCP_SOCKET),
})

const LIFECYCLE = struct('v1.Lifecycle', {
  postStart: pointer(LIFECYCLE_HANDLER),
  preStop: pointer(LIFECYCLE_HANDLER),
})

const CAPABILITIES = struct('v1.Capabilities', {
  add: list(text('v1.Capability')),
  drop: list(text('v1.Capability')),
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
  type: always(text('v1.SeccompProfileType')),
  localhostProfile: pointer(STRING),
})

const SECURITY_CONTEXT = struct('v1.SecurityContext', {
  capabilities: pointer(CAPABILITIES),
  privileged: pointer(BOOLEAN),
  seLinuxOptions: pointer(SE_LINUX_OPTIONS),
  windowsOptions: pointer(WINDOWS_OPTIONS),
  runAsUser: pointer(INT64),
  runAsGroup: pointer(INT64),
  runAsNonRoot: pointer(BOOLEAN),
  readOnlyRootFilesystem: pointer(BOOLEAN),
  allowPrivilegeEscalation: pointer(BOOLEAN),
  procMount: pointer(text('v1.ProcMountType')),
  seccompProfile: pointer(SECCOMP_PROFILE),
})

export const CONTAINER = struct('v1.Container', {
  name: always(STRING),
  image: STRING,
  command: list(STRING),
  args: list(STRING),
  workingDir: STRING,
  ports: list(PORT),
  envFrom: list(ENV_FROM_SOURCE),
  env: list(ENV_VAR),
  resources: RESOURCE_REQUIREMENTS,
  resizePolicy: list(RESIZE_POLICY),
  restartPolicy: pointer(text('v1.ContainerRestartPolicy')),
  volumeMounts: list(VOLUME_MOUNT),
  volumeDevices: list(VOLUME_DEVICE),
  livenessProbe: pointer(PROBE),
  readinessProbe: pointer(PROBE),
  startupProbe: pointer(PROBE),
  lifecycle: pointer(LIFECYCLE),
  terminationMessagePath: STRING,
  terminationMessagePolicy: text('v1.TerminationMessagePolicy'),
  imagePullPolicy: text('v1.PullPolicy'),
  securityContext: pointer(SECURITY_CONTEXT),
  stdin: BOOLEAN,
  stdinOnce: BOOLEAN,
  tty: BOOLEAN,
})

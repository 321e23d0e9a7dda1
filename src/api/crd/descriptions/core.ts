/**
 * What `kubectl explain` says about the types of `core/v1` inside Knative's kinds. A struct's own
 * text stands under `''`.
 */
import type {Descriptions} from '../from-go-type.ts'

const REFERENCE_NAME = 'Name of the object in the same namespace.'
const DEFAULT_MODE = 'Permissions of the files, in octal or decimal. 0644 if not set.'
const FILE_MODE = 'Permissions of this file; those of the volume if not set.'
const KEYS = 'The keys to project and where to. All of them, under their own names, if not set.'
const IS_OPTIONAL = 'Whether the container may start although the object or the key is missing.'
const SOURCE_OPTIONAL = 'Whether the container may start although the object is missing.'
const PORT = 'Number or name of the port. Knative fills in the port of the container.'

export const CORE_DESCRIPTIONS: Descriptions = {
  'v1.ObjectMeta': {
    annotations: 'Annotations by their keys. Those of Knative tune a revision, such as its scale.',
    finalizers: 'What has to be finished before the object is taken out of the store.',
    labels: 'Labels by their keys.',
    name: 'Name of the object. A revision gets one from its Configuration if this is not set.',
    namespace: 'Namespace of the object.',
  },
  'v1.LocalObjectReference': {
    '': 'An object of a known kind in the same namespace.',
    name: REFERENCE_NAME,
  },
  'v1.ObjectReference': {
    apiVersion: 'Group and version of the object.',
    fieldPath: 'The part of the object that is meant.',
    kind: 'Kind of the object.',
    name: 'Name of the object.',
    namespace: 'Namespace of the object.',
    resourceVersion: 'Version of the object that is meant.',
    uid: 'Identity of the object.',
  },
  'v1.PodSpec': {
    affinity: 'Which nodes and which other pods the pods are drawn to, or kept from.',
    automountServiceAccountToken:
      'Whether the token of the service account is mounted into the containers.',
    containers:
      'The containers of a pod. One of them serves requests: the one with a port, if there are several.',
    dnsConfig: 'Settings of name resolution on top of the policy.',
    dnsPolicy: 'How names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default or None.',
    enableServiceLinks:
      'Whether the Services of the namespace appear as environment variables. Knative sets it to false.',
    hostAliases: 'Lines that are added to /etc/hosts of the pods.',
    imagePullSecrets: 'Secrets with the credentials of image registries.',
    initContainers: 'Containers that run to their end, in order, before the others start.',
    nodeSelector: 'Labels that a node must have to run the pods.',
    priorityClassName: 'The PriorityClass of the pods.',
    runtimeClassName: 'The RuntimeClass that runs the pods.',
    schedulerName: 'The scheduler that finds nodes for the pods.',
    securityContext: 'Security settings of all containers of a pod.',
    serviceAccountName: 'The ServiceAccount that the pods run as; "default" if not set.',
    shareProcessNamespace: 'Whether the containers of a pod see the processes of one another.',
    tolerations: 'Taints of nodes that the pods put up with.',
    topologySpreadConstraints: 'How evenly the pods are spread over zones, nodes and the like.',
    volumes: 'Volumes that containers may mount.',
  },
  'v1.Container': {
    '': 'A container of each pod.',
    args: 'Arguments of the command; those of the image if not set. $(NAME) stands for a variable.',
    command: 'The command, without a shell; the entry point of the image if not set.',
    env: 'Environment variables.',
    envFrom: 'Objects whose keys become environment variables. What "env" names wins.',
    image: 'The image. Its tag is resolved to a digest when the revision is made.',
    imagePullPolicy: 'When the image is pulled: Always, IfNotPresent or Never.',
    livenessProbe: 'Restarts the container when it fails.',
    name: 'Name of the container, unique within the pod. Filled in where there is only one.',
    ports: 'The port that takes requests: at most one, in one of the containers.',
    readinessProbe:
      'Says whether the container can take requests. Knative asks whether the port listens if not set.',
    resources: 'CPU, memory and other resources that the container needs and may use.',
    securityContext: 'Security settings of the container.',
    terminationMessagePath: 'The file whose text says why the container ended.',
    terminationMessagePolicy: 'Where that text comes from: File or FallbackToLogsOnError.',
    volumeMounts: 'Where the volumes appear in the file system.',
    workingDir: 'The directory of the command; that of the image if not set.',
  },
  'v1.ContainerPort': {
    '': 'A port of a container.',
    containerPort: 'Number of the port. The container learns it from the variable PORT as well.',
    name: 'Protocol of the port: "http1", or "h2c" for HTTP/2 and gRPC without TLS.',
    protocol: 'The transport: TCP.',
  },
  'v1.EnvVar': {
    '': 'An environment variable.',
    name: 'Name of the variable.',
    value: 'Its value. $(NAME) stands for a variable that was set before.',
    valueFrom: 'Where its value comes from; not together with "value".',
  },
  'v1.EnvVarSource': {
    configMapKeyRef: 'A key of a ConfigMap.',
    fieldRef: 'A field of the pod.',
    resourceFieldRef: 'A resource of the container.',
    secretKeyRef: 'A key of a Secret.',
  },
  'v1.ConfigMapKeySelector': {
    '': 'A key of a ConfigMap.',
    key: 'The key.',
    optional: IS_OPTIONAL,
  },
  'v1.SecretKeySelector': {
    '': 'A key of a Secret.',
    key: 'The key.',
    optional: IS_OPTIONAL,
  },
  'v1.EnvFromSource': {
    '': 'An object whose keys become environment variables.',
    configMapRef: 'The ConfigMap.',
    prefix: 'What stands before each key in the name of its variable.',
    secretRef: 'The Secret.',
  },
  'v1.ConfigMapEnvSource': {optional: SOURCE_OPTIONAL},
  'v1.SecretEnvSource': {optional: SOURCE_OPTIONAL},
  'v1.ResourceRequirements': {
    claims: 'Claims of the pod that the container uses.',
    limits: 'The most that the container may use.',
    requests: 'What is set aside for the container; its limits if not set.',
  },
  'v1.ResourceClaim': {
    '': 'A claim of the pod.',
    name: 'Name of the claim.',
  },
  'v1.VolumeMount': {
    '': 'A place where a volume appears.',
    mountPath: 'The path in the container; without a colon.',
    name: 'Name of the volume.',
    readOnly: 'Whether the container may only read. Secrets and ConfigMaps are always read-only.',
    subPath: 'The path in the volume that appears; its root if not set.',
  },
  'v1.Probe': {
    failureThreshold: 'How many failures in a row count as one.',
    initialDelaySeconds: 'Seconds after the start of the container before the first check.',
    periodSeconds: 'Seconds between two checks. 0 lets Knative check as often as it likes.',
    successThreshold: 'How many successes in a row count as one after a failure.',
    timeoutSeconds: 'Seconds until a check without an answer has failed.',
  },
  'v1.ProbeHandler': {
    exec: 'Runs a command in the container: 0 is a success.',
    grpc: 'Asks the health service of a gRPC server.',
    httpGet: 'Sends an HTTP request: 200 to 399 is a success.',
    tcpSocket: 'Opens a connection.',
  },
  'v1.ExecAction': {
    command: 'The command with its arguments, without a shell.',
  },
  'v1.HTTPGetAction': {
    host: 'Host to ask; the address of the pod if not set.',
    httpHeaders: 'Headers of the request. The same name may appear several times.',
    path: 'Path of the request.',
    port: PORT,
    scheme: 'HTTP or HTTPS.',
  },
  'v1.HTTPHeader': {
    '': 'A header of a request.',
    name: 'Name of the header.',
    value: 'Value of the header.',
  },
  'v1.TCPSocketAction': {
    host: 'Host to connect to; the address of the pod if not set.',
    port: PORT,
  },
  'v1.GRPCAction': {
    port: 'Number of the port.',
    service: 'The service whose health is asked for; the whole server if not set.',
  },
  'v1.SecurityContext': {
    allowPrivilegeEscalation: 'Whether a process may get more privileges than its parent.',
    capabilities: 'Capabilities of Linux that the container gets or loses.',
    readOnlyRootFilesystem: 'Whether the root file system of the container is read-only.',
    runAsGroup: 'Group id of the command; that of the image if not set.',
    runAsNonRoot: 'Whether the container must not start as root.',
    runAsUser: 'User id of the command; that of the image if not set.',
    seccompProfile: 'Which system calls the container may make.',
  },
  'v1.Capabilities': {
    add: 'Capabilities to add.',
    drop: 'Capabilities to take away.',
  },
  'v1.SeccompProfile': {
    localhostProfile: 'The file with the profile on the node, for the type Localhost only.',
    type: 'RuntimeDefault, Localhost or Unconfined.',
  },
  'v1.Volume': {
    '': 'A volume that containers may mount.',
    name: 'Name of the volume, unique within the pod.',
  },
  'v1.VolumeSource': {
    configMap: 'The keys of a ConfigMap as files.',
    emptyDir: 'An empty directory that lives as long as the pod.',
    persistentVolumeClaim: 'A PersistentVolumeClaim of the same namespace.',
    projected: 'Several sources in one directory.',
    secret: 'The keys of a Secret as files.',
  },
  'v1.SecretVolumeSource': {
    '': 'The keys of a Secret as files.',
    defaultMode: DEFAULT_MODE,
    items: KEYS,
    optional: IS_OPTIONAL,
    secretName: 'Name of the Secret.',
  },
  'v1.ConfigMapVolumeSource': {
    '': 'The keys of a ConfigMap as files.',
    defaultMode: DEFAULT_MODE,
    items: KEYS,
    optional: IS_OPTIONAL,
  },
  'v1.KeyToPath': {
    '': 'A key and the file it becomes.',
    key: 'The key.',
    mode: FILE_MODE,
    path: 'Relative path of the file, without "..".',
  },
  'v1.ProjectedVolumeSource': {
    '': 'Several sources in one directory.',
    defaultMode: DEFAULT_MODE,
    sources: 'The sources.',
  },
  'v1.VolumeProjection': {
    '': 'One of several sources.',
    configMap: 'The keys of a ConfigMap.',
    downwardAPI: 'Fields of the pod.',
    secret: 'The keys of a Secret.',
    serviceAccountToken: 'A token of the service account.',
  },
  'v1.SecretProjection': {
    '': 'The keys of a Secret as files.',
    items: KEYS,
    optional: IS_OPTIONAL,
  },
  'v1.ConfigMapProjection': {
    '': 'The keys of a ConfigMap as files.',
    items: KEYS,
    optional: IS_OPTIONAL,
  },
  'v1.DownwardAPIProjection': {items: 'The files.'},
  'v1.DownwardAPIVolumeFile': {
    '': 'A file that holds a field of the pod.',
    fieldRef: 'A field of the pod: its annotations, labels, name, namespace or uid.',
    mode: FILE_MODE,
    path: 'Relative path of the file, without "..".',
    resourceFieldRef: 'A request or limit of a container.',
  },
  'v1.ObjectFieldSelector': {
    '': 'A field of the pod.',
    apiVersion: 'The version whose fields are meant; "v1" if not set.',
    fieldPath: 'Path of the field.',
  },
  'v1.ResourceFieldSelector': {
    '': 'A request or limit of a container.',
    containerName: 'Name of the container.',
    divisor: 'The unit of the value; 1 if not set.',
    resource: 'What is asked for, such as "limits.cpu".',
  },
  'v1.ServiceAccountTokenProjection': {
    audience: 'Who the token is for; the API server if not set.',
    expirationSeconds: 'Seconds until the token ends: an hour if not set, ten minutes at least.',
    path: 'Relative path of the file.',
  },
}

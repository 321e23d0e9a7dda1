/**
 * Specs of `networking.internal.knative.dev` (knative.dev/networking) and
 * `autoscaling.internal.knative.dev` (knative.dev/serving).
 */
import {LOCAL_OBJECT_REFERENCE, OBJECT_REFERENCE, REFERENCE} from './core-references.ts'
import {
  DURATION,
  INT,
  INT32,
  INT64,
  INT_OR_STRING,
  STRING,
  always,
  embedded,
  field,
  list,
  map,
  pointer,
  struct,
  text,
} from './declare.ts'

const PROTOCOL_TYPE = text<'http1' | 'h2c'>('networking.ProtocolType')
const PROTOCOL = 'Protocol of the application: http1 or h2c.'

const BACKEND = struct('v1alpha1.IngressBackend', {
  serviceNamespace: always(STRING, 'Namespace of that Service.'),
  serviceName: always(STRING, 'Name of the Kubernetes Service.'),
  servicePort: always(INT_OR_STRING, 'Number or name of the port of that Service.'),
})

export const SPLIT = struct(
  'v1alpha1.IngressBackendSplit',
  {
    backend: embedded(BACKEND),
    percent: field(INT, 'The share in percent; 100 if not set and there is only one.'),
    appendHeaders: field(map(STRING), 'Headers that are added to the requests of this backend.'),
  },
  {description: 'A backend with its share.'},
)

export const PATH = struct(
  'v1alpha1.HTTPIngressPath',
  {
    path: field(STRING, 'What the path of a request must start with; any path if not set.'),
    rewriteHost: field(
      STRING,
      'The host that the backend is asked for in the place of the one that was sent.',
    ),
    headers: field(
      map(
        struct(
          'v1alpha1.HeaderMatch',
          {exact: always(STRING, 'The value it must have.')},
          {description: 'What a header must be.'},
        ),
      ),
      'Headers that a request must have.',
    ),
    splits: always(list(SPLIT), 'The backends. Their shares are 100 percent together.'),
    appendHeaders: field(map(STRING), 'Headers that are added to each request.'),
  },
  {description: 'Requests of one sort, and the backends that share them.'},
)

export const RULE = struct(
  'v1alpha1.IngressRule',
  {
    hosts: field(list(STRING), 'The hosts, without ports.'),
    visibility: field(
      text<'ExternalIP' | 'ClusterLocal'>('v1alpha1.IngressVisibility'),
      'Who gets to them: ExternalIP or ClusterLocal.',
    ),
    http: field(
      pointer(
        struct('v1alpha1.HTTPIngressRuleValue', {
          paths: always(list(PATH), 'The first that fits wins.'),
        }),
      ),
      'Where their requests go.',
    ),
  },
  {description: 'What some hosts lead to.'},
)

export const TLS = struct(
  'v1alpha1.IngressTLS',
  {
    hosts: field(list(STRING), 'The hosts; those of the rules if not set.'),
    secretName: field(STRING, 'Name of the Secret with the certificate.'),
    secretNamespace: field(STRING, 'Namespace of that Secret.'),
  },
  {description: 'The certificate of some hosts.'},
)

/** Kinds that no webhook decodes. */
export const UNADMITTED_KIND_TYPES = {
  ClusterDomainClaim: struct(
    'v1alpha1.ClusterDomainClaim',
    {
      spec: always(
        struct('v1alpha1.ClusterDomainClaimSpec', {
          namespace: always(STRING, 'The namespace that may use the domain.'),
        }),
        'What is wanted.',
        {optional: true},
      ),
    },
    {
      description:
        'ClusterDomainClaim says which namespace may use a domain. Its name is that domain.',
    },
  ),
  Image: struct(
    'v1alpha1.Image',
    {
      spec: always(
        struct('v1alpha1.ImageSpec', {
          image: always(STRING, 'The image.'),
          serviceAccountName: field(STRING, 'The ServiceAccount that fetches it.'),
          imagePullSecrets: field(
            list(LOCAL_OBJECT_REFERENCE),
            'Secrets with the credentials of its registry.',
          ),
        }),
        'What is wanted.',
        {optional: true},
      ),
    },
    {description: 'Image names an image that nodes may fetch before it is needed.'},
  ),
} as const

/** The kinds controllers write, as far as a round trip changes them. */
export const INTERNAL_KIND_TYPES = {
  Ingress: struct(
    'v1alpha1.Ingress',
    {
      spec: always(
        struct('v1alpha1.IngressSpec', {
          tls: field(list(TLS), 'Certificates of hosts.'),
          rules: field(
            list(RULE),
            'What each host leads to. A request that no rule matches gets 404.',
          ),
          httpOption: field(
            text<'Enabled' | 'Redirected'>('v1alpha1.HTTPOption'),
            'What happens to plain HTTP: Enabled, or Redirected to HTTPS.',
          ),
        }),
        'What is wanted.',
        {optional: true},
      ),
    },
    {
      description:
        'Ingress (KIngress) is what a Route or DomainMapping asks of the networking layer: hosts, paths, and weighted backends.',
    },
  ),
  ServerlessService: struct(
    'v1alpha1.ServerlessService',
    {
      spec: always(
        struct('v1alpha1.ServerlessServiceSpec', {
          mode: field(
            text<'Proxy' | 'Serve'>('v1alpha1.ServerlessServiceOperationMode'),
            'Who answers: Serve, the pods; Proxy, the activator.',
          ),
          objectRef: always(OBJECT_REFERENCE, 'What is scaled: its selector tells the pods.'),
          protocolType: always(PROTOCOL_TYPE, PROTOCOL),
          numActivators: field(
            INT32,
            'How many activators answer in Proxy mode; 0 is all of them.',
          ),
        }),
        'What is wanted.',
        {optional: true},
      ),
    },
    {
      description:
        'ServerlessService (SKS) is the stable name of a revision: its pods stand behind it, or the activator while there are too few.',
    },
  ),
  Certificate: struct(
    'v1alpha1.Certificate',
    {
      spec: always(
        struct('v1alpha1.CertificateSpec', {
          dnsNames: always(list(STRING), 'The names that the certificate must cover.'),
          domain: field(STRING, 'The domain that all names are below.'),
          secretName: always(STRING, 'Name of the Secret that gets the certificate.'),
        }),
        'What is wanted.',
        {optional: true},
      ),
    },
    {
      description:
        'Certificate is what a Route or DomainMapping asks of an issuer of certificates.',
    },
  ),
  PodAutoscaler: struct(
    'v1alpha1.PodAutoscaler',
    {
      spec: always(
        struct('v1alpha1.PodAutoscalerSpec', {
          containerConcurrency: field(
            INT64,
            'How many requests a pod works on at once; 0 is no limit.',
          ),
          scaleTargetRef: always(REFERENCE, 'What is scaled.'),
          reachability: field(
            text<'Reachable' | 'Unreachable' | ''>('v1alpha1.ReachabilityType'),
            'Whether a Route leads to it: Reachable, Unreachable, or nothing if not known.',
          ),
          protocolType: always(PROTOCOL_TYPE, PROTOCOL),
        }),
        'What is wanted.',
        {optional: true},
      ),
    },
    {description: 'PodAutoscaler (PA) asks the autoscaler to keep the right number of pods.'},
  ),
  Metric: struct(
    'v1alpha1.Metric',
    {
      spec: always(
        struct('v1alpha1.MetricSpec', {
          stableWindow: always(DURATION, 'Nanoseconds that are looked at in calm.'),
          panicWindow: always(DURATION, 'Nanoseconds that are looked at for sudden load.'),
          scrapeTarget: always(STRING, 'The Service whose pods are asked.'),
        }),
        'What is wanted.',
        {optional: true},
      ),
    },
    {description: 'Metric says what the autoscaler measures, and over which time.'},
  ),
} as const

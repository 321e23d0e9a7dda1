/** What `kubectl explain` says about the kinds that only controllers write. */
import type {Descriptions} from '../from-go-type.ts'

const PROTOCOL = 'Protocol of the application: http1 or h2c.'

export const INTERNAL_DESCRIPTIONS: Descriptions = {
  'v1alpha1.Ingress': {
    '': 'Ingress (KIngress) is what a Route or DomainMapping asks of the networking layer: hosts, paths, and weighted backends.',
    spec: 'What is wanted.',
    status: 'What is.',
  },
  'v1alpha1.IngressSpec': {
    httpOption: 'What happens to plain HTTP: Enabled, or Redirected to HTTPS.',
    rules: 'What each host leads to. A request that no rule matches gets 404.',
    tls: 'Certificates of hosts.',
  },
  'v1alpha1.IngressTLS': {
    '': 'The certificate of some hosts.',
    hosts: 'The hosts; those of the rules if not set.',
    secretName: 'Name of the Secret with the certificate.',
    secretNamespace: 'Namespace of that Secret.',
  },
  'v1alpha1.IngressRule': {
    '': 'What some hosts lead to.',
    hosts: 'The hosts, without ports.',
    http: 'Where their requests go.',
    visibility: 'Who gets to them: ExternalIP or ClusterLocal.',
  },
  'v1alpha1.HTTPIngressRuleValue': {paths: 'The first that fits wins.'},
  'v1alpha1.HTTPIngressPath': {
    '': 'Requests of one sort, and the backends that share them.',
    appendHeaders: 'Headers that are added to each request.',
    headers: 'Headers that a request must have.',
    path: 'What the path of a request must start with; any path if not set.',
    rewriteHost: 'The host that the backend is asked for in the place of the one that was sent.',
    splits: 'The backends. Their shares are 100 percent together.',
  },
  'v1alpha1.HeaderMatch': {'': 'What a header must be.', exact: 'The value it must have.'},
  'v1alpha1.IngressBackendSplit': {
    '': 'A backend with its share.',
    appendHeaders: 'Headers that are added to the requests of this backend.',
    percent: 'The share in percent; 100 if not set and there is only one.',
  },
  'v1alpha1.IngressBackend': {
    serviceName: 'Name of the Kubernetes Service.',
    serviceNamespace: 'Namespace of that Service.',
    servicePort: 'Number or name of the port of that Service.',
  },
  'v1alpha1.IngressStatus': {
    privateLoadBalancer: 'Where hosts of the cluster alone are reached.',
    publicLoadBalancer: 'Where public hosts are reached.',
  },
  'v1alpha1.LoadBalancerStatus': {
    ingress: 'The places.',
  },
  'v1alpha1.LoadBalancerIngressStatus': {
    '': 'One place where an ingress is reached.',
    domain: 'Host name of a load balancer.',
    domainInternal: 'Host name within the cluster.',
    ip: 'Address of a load balancer.',
    meshOnly: 'Whether there is none, because a service mesh does its work.',
  },
  'v1alpha1.ServerlessService': {
    '': 'ServerlessService (SKS) is the stable name of a revision: its pods stand behind it, or the activator while there are too few.',
    spec: 'What is wanted.',
    status: 'What is.',
  },
  'v1alpha1.ServerlessServiceSpec': {
    mode: 'Who answers: Serve, the pods; Proxy, the activator.',
    numActivators: 'How many activators answer in Proxy mode; 0 is all of them.',
    objectRef: 'What is scaled: its selector tells the pods.',
    protocolType: PROTOCOL,
  },
  'v1alpha1.ServerlessServiceStatus': {
    privateServiceName: 'The Service with the pods, whoever answers.',
    serviceName: 'The Service to send requests to.',
  },
  'v1alpha1.Certificate': {
    '': 'Certificate is what a Route or DomainMapping asks of an issuer of certificates.',
    spec: 'What is wanted.',
    status: 'What is.',
  },
  'v1alpha1.CertificateSpec': {
    dnsNames: 'The names that the certificate must cover.',
    domain: 'The domain that all names are below.',
    secretName: 'Name of the Secret that gets the certificate.',
  },
  'v1alpha1.CertificateStatus': {
    http01Challenges: 'Questions of the issuer that have to be answered over HTTP.',
    notAfter: 'When the certificate ends.',
  },
  'v1alpha1.HTTP01Challenge': {
    '': 'A question of the issuer.',
    serviceName: 'Name of the Service that answers.',
    serviceNamespace: 'Namespace of that Service.',
    servicePort: 'Port of that Service.',
    url: 'The URL that the issuer will ask.',
  },
  'v1alpha1.ClusterDomainClaim': {
    '': 'ClusterDomainClaim says which namespace may use a domain. Its name is that domain.',
    spec: 'What is wanted.',
  },
  'v1alpha1.ClusterDomainClaimSpec': {namespace: 'The namespace that may use the domain.'},
  'v1alpha1.PodAutoscaler': {
    '': 'PodAutoscaler (PA) asks the autoscaler to keep the right number of pods.',
    spec: 'What is wanted.',
    status: 'What is.',
  },
  'v1alpha1.PodAutoscalerSpec': {
    containerConcurrency: 'How many requests a pod works on at once; 0 is no limit.',
    protocolType: PROTOCOL,
    reachability: 'Whether a Route leads to it: Reachable, Unreachable, or nothing if not known.',
    scaleTargetRef: 'What is scaled.',
  },
  'v1alpha1.PodAutoscalerStatus': {
    actualScale: 'How many pods are ready.',
    desiredScale: 'How many pods there should be; -1 before anything was measured.',
    metricsServiceName: 'The Service whose pods are asked for their numbers.',
    serviceName: 'The Service to send requests to.',
  },
  'v1alpha1.Metric': {
    '': 'Metric says what the autoscaler measures, and over which time.',
    spec: 'What is wanted.',
    status: 'What is.',
  },
  'v1alpha1.MetricSpec': {
    panicWindow: 'Nanoseconds that are looked at for sudden load.',
    scrapeTarget: 'The Service whose pods are asked.',
    stableWindow: 'Nanoseconds that are looked at in calm.',
  },
  'v1alpha1.Image': {
    '': 'Image names an image that nodes may fetch before it is needed.',
    spec: 'What is wanted.',
    status: 'What is.',
  },
  'v1alpha1.ImageSpec': {
    image: 'The image.',
    imagePullSecrets: 'Secrets with the credentials of its registry.',
    serviceAccountName: 'The ServiceAccount that fetches it.',
  },
}

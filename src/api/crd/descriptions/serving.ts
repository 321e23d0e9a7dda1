/** What `kubectl explain` says about `serving.knative.dev`. */
import type {Descriptions} from '../from-go-type.ts'

const URL = 'Where it can be reached from outside, scheme and host.'
const ADDRESS = 'Where it can be reached within the cluster.'

export const SERVING_DESCRIPTIONS: Descriptions = {
  'v1.Service': {
    '': 'Service is an application: a container image, how it runs and who gets to it. It keeps a Configuration and a Route of its name; each change makes a new Revision.',
    spec: 'What is wanted: the template of the next revision, and how traffic is split.',
    status: 'What is.',
  },
  'v1.Configuration': {
    '': 'Configuration is the newest wish for an application. Each change of its template makes a new Revision.',
    spec: 'What is wanted: the template of the next revision.',
    status: 'What is.',
  },
  'v1.Revision': {
    '': 'Revision is a snapshot of code and settings that never changes, made by a Configuration.',
    spec: 'What runs, and with which limits.',
    status: 'What is.',
  },
  'v1.Route': {
    '': 'Route gives revisions a host name, and each its share of the requests.',
    spec: 'What is wanted: how traffic is split.',
    status: 'What is.',
  },
  'v1beta1.DomainMapping': {
    '': 'DomainMapping gives something that can be reached a host name of its own. Its name is that host name.',
    spec: 'What is wanted.',
    status: 'What is.',
  },
  'v1.ConfigurationSpec': {template: 'The next revision. A change of it makes a new one.'},
  'v1.RevisionTemplateSpec': {
    metadata: 'Name, labels and annotations of the revision.',
    spec: 'What the revision runs, and with which limits.',
  },
  'v1.RevisionSpec': {
    containerConcurrency: 'How many requests a pod works on at once; 0 is no limit.',
    idleTimeoutSeconds: 'Seconds without a byte in either direction until a request is cut off.',
    responseStartTimeoutSeconds: 'Seconds until the first byte of the answer must be there.',
    timeoutSeconds: 'Seconds that a request may take.',
  },
  'v1.RouteSpec': {
    traffic: 'How traffic is split; everything goes to the latest ready revision if not set.',
  },
  'v1.TrafficTarget': {
    '': 'A share of the traffic.',
    configurationName: 'The Configuration whose latest ready revision gets it; not in a Service.',
    latestRevision: 'Whether the latest ready revision gets it. Must be false with revisionName.',
    percent: 'The share in percent; all shares together are 100.',
    revisionName: 'The revision that gets it.',
    tag: 'Name of a host of its own for this target, whatever its share is.',
    url: 'The host of its own that the tag gives it. Not to be set.',
  },
  'v1beta1.DomainMappingSpec': {
    ref: 'What the domain leads to, such as a Service.',
    tls: 'The certificate of the domain.',
  },
  'v1.KReference': {
    address: 'Which of the addresses of the object is meant, by its name.',
    apiVersion: 'Group and version of the object.',
    group: 'Group of the object, in the place of its apiVersion.',
    kind: 'Kind of the object.',
    name: 'Name of the object.',
    namespace: 'Namespace of the object; that of the one who refers to it if not set.',
  },
  'v1beta1.SecretTLS': {
    secretName: 'Name of the Secret with tls.crt and tls.key.',
  },
  'v1.Status': {
    annotations: 'Further facts, by their keys.',
    conditions: 'What holds and what does not. "Ready" sums up the others.',
    observedGeneration: 'The metadata.generation that this status is about.',
  },
  'apis.Condition': {
    '': 'A fact that holds, does not hold, or is not known.',
    lastTransitionTime: 'When its status changed last.',
    message: 'Why, for people.',
    reason: 'Why, in one word.',
    severity: 'How bad it is when it does not hold: an error if not set, Warning or Info.',
    status: 'True, False or Unknown.',
    type: 'Which fact.',
  },
  'v1.Addressable': {
    CACerts: 'Certificates, in PEM, of those who sign for this address.',
    audience: 'The audience that a token for this address must have.',
    name: 'Name of the address.',
    url: 'The address.',
  },
  'v1.ConfigurationStatusFields': {
    latestCreatedRevisionName: 'The newest revision, ready or not.',
    latestReadyRevisionName: 'The newest revision that became ready.',
  },
  'v1.RouteStatusFields': {
    address: ADDRESS,
    traffic: 'How traffic is split now, with names of revisions.',
    url: URL,
  },
  'v1.RevisionStatus': {
    actualReplicas: 'How many pods are ready.',
    containerStatuses: 'The images of the containers, by digest.',
    desiredReplicas: 'How many pods there should be.',
    initContainerStatuses: 'The images of the init containers, by digest.',
    logUrl: 'Where its logs are, by the template in config-observability.',
  },
  'v1.ContainerStatus': {
    '': 'The image of a container.',
    imageDigest: 'The image by its digest.',
    name: 'Name of the container.',
  },
  'v1beta1.DomainMappingStatus': {address: ADDRESS, url: URL},
}

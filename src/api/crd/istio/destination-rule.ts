import {
  as,
  choice,
  flag,
  int32,
  listOf,
  mapOf,
  message,
  nullable,
  text,
  unsigned,
} from '../schema-builders.ts'

const CONNECTION_POOL = message('How many connections are kept to the service.', {
  http: message('Limits of HTTP.', {
    h2UpgradePolicy: choice(
      'Whether connections become HTTP/2.',
      'DEFAULT',
      'DO_NOT_UPGRADE',
      'UPGRADE',
    ),
    http1MaxPendingRequests: int32('How many requests may wait for a connection.'),
    http2MaxRequests: int32('How many requests may be under way.'),
    idleTimeout: text('How long a connection may be idle.'),
    maxRequestsPerConnection: int32('How many requests a connection serves; 1 is no keep-alive.'),
    maxRetries: int32('How many requests may be tried again at once.'),
    useClientProtocol: flag('Whether the protocol of the client is kept.'),
  }),
  tcp: message('Limits of TCP.', {
    connectTimeout: text('How long connecting may take.'),
    maxConnectionDuration: text('How long a connection may last.'),
    maxConnections: int32('How many connections there may be.'),
    tcpKeepalive: message('How connections are kept alive.', {
      interval: text('Time between two probes.'),
      probes: unsigned('How many probes without an answer end the connection.'),
      time: text('How long a connection is idle before the first probe.'),
    }),
  }),
})

const MINIMUM_RING_SIZE = unsigned('The least number of places on the ring.')

const CONSISTENT_HASH = message(
  'Like requests go to the same place.',
  {
    httpCookie: message(
      'A cookie says which are alike.',
      {
        name: text('Name of the cookie.'),
        path: text('Path of the cookie.'),
        ttl: text('How long the cookie lasts.'),
      },
      {required: ['name']},
    ),
    httpHeaderName: text('A header says which are alike.'),
    httpQueryParameterName: text('A parameter says which are alike.'),
    maglev: message('By a table of Maglev.', {tableSize: unsigned('The size of the table.')}),
    minimumRingSize: MINIMUM_RING_SIZE,
    ringHash: message('By a ring of hashes.', {minimumRingSize: MINIMUM_RING_SIZE}),
    useSourceIp: flag('The address of the client says which are alike.'),
  },
  {
    oneOfs: [
      ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
      ['ringHash', 'maglev'],
    ],
  },
)

const FROM = text('The locality that asks: region/zone/sub-zone.')

const LOCALITY = message('How localities share the load.', {
  distribute: listOf(
    message('How the load of a locality is shared.', {
      from: FROM,
      to: mapOf(unsigned('The share in percent.'), 'The shares by locality.'),
    }),
    'Shares by locality.',
  ),
  enabled: nullable(flag('Whether localities count at all.')),
  failover: listOf(
    message('Where load goes when a region fails.', {
      from: FROM,
      to: text('The region that takes over.'),
    }),
    'Regions that stand in for each other.',
  ),
  failoverPriority: listOf(text('A label.'), 'Labels, the ones that weigh most first.'),
})

const LOAD_BALANCER = message(
  'How the load is shared.',
  {
    consistentHash: CONSISTENT_HASH,
    localityLbSetting: LOCALITY,
    simple: choice(
      'By a rule that needs no settings.',
      'UNSPECIFIED',
      'LEAST_CONN',
      'RANDOM',
      'PASSTHROUGH',
      'ROUND_ROBIN',
      'LEAST_REQUEST',
    ),
    warmupDurationSecs: text('How long a new place gets less than its share.'),
  },
  {oneOfs: [['simple', 'consistentHash']]},
)

const OUTLIER_DETECTION = message('When a place that fails gets no more requests.', {
  baseEjectionTime: text('How long it gets none, times how often that happened.'),
  consecutive5xxErrors: nullable(unsigned('After how many answers of 5xx in a row.')),
  consecutiveErrors: int32('After how many errors; not in use.'),
  consecutiveGatewayErrors: nullable(unsigned('After how many answers of 502 to 504 in a row.')),
  consecutiveLocalOriginFailures: nullable(unsigned('After how many failures to connect.')),
  interval: text('Time between two looks.'),
  maxEjectionPercent: int32('How many of all places at most, in percent.'),
  minHealthPercent: int32('Only while so many places are healthy, in percent.'),
  splitExternalLocalOriginErrors: flag('Whether failures to connect count by themselves.'),
})

const TLS = message('How TLS is spoken with the service.', {
  caCertificates: text('File with the certificates that sign that of the service.'),
  clientCertificate: text('File with the certificate to show.'),
  credentialName: text('Name of the Secret with certificates and key.'),
  insecureSkipVerify: nullable(flag('Whether the certificate of the service is not checked.')),
  mode: choice(
    'Whether TLS is spoken, and with whose certificates.',
    'DISABLE',
    'SIMPLE',
    'MUTUAL',
    'ISTIO_MUTUAL',
  ),
  privateKey: text('File with the private key.'),
  sni: text('The host that is named to the service.'),
  subjectAltNames: listOf(text('A name.'), 'Names of which the service must have one.'),
})

const PORT_POLICY = {
  connectionPool: CONNECTION_POOL,
  loadBalancer: LOAD_BALANCER,
  outlierDetection: OUTLIER_DETECTION,
  tls: TLS,
}

const TRAFFIC_POLICY = message('How requests are sent to the service.', {
  ...PORT_POLICY,
  portLevelSettings: listOf(
    message('What differs for a port.', {
      ...PORT_POLICY,
      port: message('The port.', {number: unsigned('Number of the port.')}),
    }),
    'What differs for single ports.',
  ),
  tunnel: message(
    'A tunnel through a proxy.',
    {
      protocol: text('CONNECT or POST.'),
      targetHost: text('The host at the end of the tunnel.'),
      targetPort: unsigned('The port at the end of the tunnel.'),
    },
    {required: ['targetHost', 'targetPort']},
  ),
})

const SUBSET = message(
  'Some of the pods of the service.',
  {
    labels: mapOf(text('Value of the label.'), 'Labels of the pods.'),
    name: text('Name of the subset.'),
    trafficPolicy: as(TRAFFIC_POLICY, 'What differs for the subset.'),
  },
  {required: ['name']},
)

/** The spec of a DestinationRule. */
export const DESTINATION_RULE_SPEC = message(
  'How requests are sent to a service, after routing.',
  {
    exportTo: listOf(text('A namespace, "." or "*".'), 'Namespaces that see it.'),
    host: text('Name of the service.'),
    subsets: listOf(SUBSET, 'Subsets that routes may name.'),
    trafficPolicy: TRAFFIC_POLICY,
    workloadSelector: message('The workloads that send the requests; all if not set.', {
      matchLabels: mapOf(text('Value of the label.'), 'Labels of their pods.'),
    }),
  },
  {required: ['host']},
)

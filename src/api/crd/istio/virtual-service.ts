import type {StructuralSchema} from '../../extensions/structural-schema.ts'
import {
  as,
  choice,
  double,
  flag,
  int32,
  listOf,
  mapOf,
  message,
  nullable,
  text,
  unsigned,
} from '../schema-builders.ts'

const STRING_MATCH = message(
  'What a text must be.',
  {
    exact: text('The text.'),
    prefix: text('What it starts with.'),
    regex: text('An expression of RE2 that all of it fits.'),
  },
  {oneOfs: [['exact', 'prefix', 'regex']]},
)

/** A match on some part of a request. */
function match(description: string): StructuralSchema {
  return as(STRING_MATCH, description)
}

const PERCENT = message('A share.', {value: double('The share in percent.')})

const DESTINATION = message(
  'A service that requests are sent to.',
  {
    host: text('Name of the service.'),
    port: message('Port of the service; needed when it has several.', {
      number: unsigned('Number of the port.'),
    }),
    subset: text('A subset that a DestinationRule names.'),
  },
  {required: ['host']},
)

const HEADER_OPERATIONS = message('Changes of headers.', {
  add: mapOf(text('Value of the header.'), 'Headers that are added.'),
  remove: listOf(text('Name of a header.'), 'Headers that are taken out.'),
  set: mapOf(text('Value of the header.'), 'Headers that replace those of their names.'),
})

const HEADERS = message('Changes of headers.', {
  request: as(HEADER_OPERATIONS, 'Changes on the way to the destination.'),
  response: as(HEADER_OPERATIONS, 'Changes on the way back.'),
})

const GATEWAYS = listOf(text('A gateway.'), 'Gateways where this counts, or "mesh".')
const SOURCE_LABELS = mapOf(text('Value of the label.'), 'Labels of the workload that asks.')
const SOURCE_NAMESPACE = text('Namespace of the workload that asks.')
const PORT_NUMBER = unsigned('Port that was asked.')

const HTTP_MATCH = message('Conditions that must all hold.', {
  authority: match('The host that was asked for.'),
  gateways: GATEWAYS,
  headers: mapOf(STRING_MATCH, 'Headers that the request must have.'),
  ignoreUriCase: flag('Whether case does not matter in the URI, unless by expression.'),
  method: match('The method.'),
  name: text('Name of the match.'),
  port: PORT_NUMBER,
  queryParams: mapOf(STRING_MATCH, 'Parameters that the request must have.'),
  scheme: match('The scheme of the URI.'),
  sourceLabels: SOURCE_LABELS,
  sourceNamespace: SOURCE_NAMESPACE,
  statPrefix: text('What the statistics of this route start with.'),
  uri: match('The path.'),
  withoutHeaders: mapOf(STRING_MATCH, 'Headers that the request must not have.'),
})

const CORS_POLICY = message('What browsers on other sites may do.', {
  allowCredentials: nullable(flag('Whether they may send credentials.')),
  allowHeaders: listOf(text('A header.'), 'Headers that they may send.'),
  allowMethods: listOf(text('A method.'), 'Methods that they may use.'),
  allowOrigin: listOf(text('An origin.'), 'Origins that may ask; use allowOrigins.'),
  allowOrigins: listOf(STRING_MATCH, 'Origins that may ask.'),
  exposeHeaders: listOf(text('A header.'), 'Headers that they may read.'),
  maxAge: text('How long they may keep the answer.'),
})

const FAULT = message('Failures made on purpose.', {
  abort: message(
    'Requests that are refused.',
    {
      grpcStatus: text('The status of gRPC that answers.'),
      http2Error: text('The error of HTTP/2 that answers.'),
      httpStatus: int32('The status of HTTP that answers.'),
      percentage: as(PERCENT, 'How many requests.'),
    },
    {oneOfs: [['httpStatus', 'grpcStatus', 'http2Error']]},
  ),
  delay: message(
    'Requests that are held back.',
    {
      exponentialDelay: text('For how long; not in use.'),
      fixedDelay: text('For how long.'),
      percent: int32('How many requests, in percent; use percentage.'),
      percentage: as(PERCENT, 'How many requests.'),
    },
    {oneOfs: [['fixedDelay', 'exponentialDelay']]},
  ),
})

const DIRECT_RESPONSE = message(
  'An answer without asking anybody.',
  {
    body: message(
      'The body of the answer.',
      {
        bytes: {type: 'string', format: 'binary', description: 'The body in base64.'},
        string: text('The body as text.'),
      },
      {oneOfs: [['string', 'bytes']]},
    ),
    status: unsigned('The status of the answer.'),
  },
  {required: ['status']},
)

const REDIRECT = message(
  'A redirect as the answer.',
  {
    authority: text('The host that is put in.'),
    derivePort: choice('Where the port comes from.', 'FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'),
    port: unsigned('The port that is put in.'),
    redirectCode: unsigned('The status; 301 if not set.'),
    scheme: text('The scheme that is put in.'),
    uri: text('The path that is put in.'),
  },
  {oneOfs: [['port', 'derivePort']]},
)

const MIRROR = message(
  'A destination that gets copies.',
  {destination: DESTINATION, percentage: as(PERCENT, 'How many requests are copied.')},
  {required: ['destination']},
)

const HTTP_DESTINATION = message(
  'A destination with its weight.',
  {
    destination: DESTINATION,
    headers: HEADERS,
    weight: int32('The share of requests, relative to the sum of all weights.'),
  },
  {required: ['destination']},
)

const MIRROR_PERCENT = nullable(unsigned('How many requests are copied; use mirrorPercentage.'))

const HTTP_ROUTE = message('A route for HTTP.', {
  corsPolicy: CORS_POLICY,
  delegate: message('The VirtualService that decides further.', {
    name: text('Its name.'),
    namespace: text('Its namespace.'),
  }),
  directResponse: DIRECT_RESPONSE,
  fault: FAULT,
  headers: HEADERS,
  match: listOf(HTTP_MATCH, 'What a request must be: one of these. Any, if there are none.'),
  mirror: as(DESTINATION, 'A destination that gets copies.'),
  mirror_percent: MIRROR_PERCENT,
  mirrorPercent: MIRROR_PERCENT,
  mirrorPercentage: as(PERCENT, 'How many requests are copied.'),
  mirrors: listOf(MIRROR, 'Destinations that get copies.'),
  name: text('Name of the route.'),
  redirect: REDIRECT,
  retries: message('How failed requests are tried again.', {
    attempts: int32('How often.'),
    perTryTimeout: text('How long one try may take.'),
    retryOn: text('After which failures, separated by commas.'),
    retryRemoteLocalities: nullable(flag('Whether in other localities as well.')),
  }),
  rewrite: message('What is changed before the request is sent on.', {
    authority: text('The host that is put in.'),
    uri: text('What takes the place of the path, or of its prefix that matched.'),
    uriRegexRewrite: message('An expression that changes the path.', {
      match: text('The expression of RE2.'),
      rewrite: text('What takes its place; \\1 is the first group.'),
    }),
  }),
  route: listOf(HTTP_DESTINATION, 'Where requests go, by weight.'),
  timeout: text('How long a request may take; for ever if not set.'),
})

const ROUTE_DESTINATION = message(
  'A destination with its weight.',
  {
    destination: DESTINATION,
    weight: int32('The share of connections, relative to the sum of all weights.'),
  },
  {required: ['destination']},
)
const DESTINATIONS = listOf(ROUTE_DESTINATION, 'Where connections go, by weight.')
const SUBNETS = listOf(text('A subnet.'), 'Addresses that are asked.')

const TCP_ROUTE = message('A route for TCP.', {
  match: listOf(
    message('Conditions that must all hold.', {
      destinationSubnets: SUBNETS,
      gateways: GATEWAYS,
      port: PORT_NUMBER,
      sourceLabels: SOURCE_LABELS,
      sourceNamespace: SOURCE_NAMESPACE,
      sourceSubnet: text('Addresses that ask.'),
    }),
    'What a connection must be: one of these.',
  ),
  route: DESTINATIONS,
})

const TLS_ROUTE = message(
  'A route for TLS that is not ended here.',
  {
    match: listOf(
      message(
        'Conditions that must all hold.',
        {
          destinationSubnets: SUBNETS,
          gateways: GATEWAYS,
          port: PORT_NUMBER,
          sniHosts: listOf(text('A host, perhaps with *.'), 'Hosts that the client names.'),
          sourceLabels: SOURCE_LABELS,
          sourceNamespace: SOURCE_NAMESPACE,
        },
        {required: ['sniHosts']},
      ),
      'What a connection must be: one of these.',
    ),
    route: DESTINATIONS,
  },
  {required: ['match']},
)

/** The spec of a VirtualService. */
export const VIRTUAL_SERVICE_SPEC = message('Where requests for some hosts go.', {
  exportTo: listOf(text('A namespace, "." or "*".'), 'Namespaces that see it.'),
  gateways: listOf(text('A gateway, or "mesh".'), 'Gateways whose requests it routes.'),
  hosts: listOf(text('A host, perhaps with *.'), 'The hosts.'),
  http: listOf(HTTP_ROUTE, 'Routes for HTTP; the first that matches wins.'),
  tcp: listOf(TCP_ROUTE, 'Routes for TCP; the first that matches wins.'),
  tls: listOf(TLS_ROUTE, 'Routes for TLS; the first that matches wins.'),
})

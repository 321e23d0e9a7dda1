import {choice, flag, listOf, mapOf, message, text, unsigned} from '../schema-builders.ts'

const TLS_VERSIONS = ['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']

const PORT = message(
  'The port that is opened.',
  {
    name: text('Name of the port.'),
    number: unsigned('Number of the port.'),
    protocol: text('HTTP, HTTPS, GRPC, GRPC-WEB, HTTP2, MONGO, TCP or TLS.'),
    targetPort: unsigned('Port of the workload that takes the connections.'),
  },
  {required: ['number', 'protocol', 'name']},
)

const TLS = message('How TLS is spoken, and whether plain HTTP is sent there.', {
  caCertificates: text('File with the certificates that sign those of clients.'),
  cipherSuites: listOf(text('A suite.'), 'The cipher suites that are offered.'),
  credentialName: text('Name of the Secret with the certificate and its key.'),
  httpsRedirect: flag('Whether plain HTTP is answered with a redirect to HTTPS.'),
  maxProtocolVersion: choice('The newest version of TLS that is spoken.', ...TLS_VERSIONS),
  minProtocolVersion: choice('The oldest version of TLS that is spoken.', ...TLS_VERSIONS),
  mode: choice(
    'Where TLS ends, and whether clients need certificates.',
    'PASSTHROUGH',
    'SIMPLE',
    'MUTUAL',
    'AUTO_PASSTHROUGH',
    'ISTIO_MUTUAL',
    'OPTIONAL_MUTUAL',
  ),
  privateKey: text('File with the private key.'),
  serverCertificate: text('File with the certificate.'),
  subjectAltNames: listOf(text('A name.'), 'Names of which the client must have one.'),
  verifyCertificateHash: listOf(text('A hash.'), 'SHA-256 of client certificates that are let in.'),
  verifyCertificateSpki: listOf(text('A hash.'), 'SHA-256 of client keys that are let in.'),
})

const SERVER = message(
  'A port and the hosts behind it.',
  {
    bind: text('The address that is listened on.'),
    defaultEndpoint: text('Where requests go that nothing else takes.'),
    hosts: listOf(text('A host, perhaps with *.'), 'The hosts that are answered.'),
    name: text('Name of the server, unique among all.'),
    port: PORT,
    tls: TLS,
  },
  {required: ['port', 'hosts']},
)

/** The spec of a Gateway. */
export const GATEWAY_SPEC = message('Ports that proxies open at the edge of the mesh.', {
  selector: mapOf(text('Value of the label.'), 'Labels of the pods that open the ports.'),
  servers: listOf(SERVER, 'The ports.'),
})

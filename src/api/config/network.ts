/** `config-network`. Counterpart of knative.dev/networking `pkg/config`. */
import {GoStruct, GoTemplate} from '../../util/go-template/go-template.ts'
import {quote} from '../../util/strconv.ts'
import {CERT_MANAGER_CERTIFICATE_CLASS, ISTIO_INGRESS_CLASS} from '../networking/names.ts'
import {type ConfigData, ConfigReader} from './config-data.ts'
import {checkHost} from './template-host.ts'
import {parseYamlValue} from './yaml-value.ts'

/** What happens to plain HTTP requests. */
type HttpProtocol = 'enabled' | 'disabled' | 'redirected'
/** Whether pods are reached by their own address or by the address of a Service. */
type MeshCompatibilityMode = 'enabled' | 'disabled' | 'auto'

/** How Routes become hosts and who programs them. */
export interface NetworkConfig {
  readonly defaultIngressClass: string
  readonly defaultCertificateClass: string
  /** A Go template; {@link expandDomainTemplate} evaluates it. */
  readonly domainTemplate: string
  /** A Go template; {@link expandTagTemplate} evaluates it. */
  readonly tagTemplate: string
  readonly rolloutDurationSeconds: number
  readonly autocreateClusterDomainClaims: boolean
  readonly enableMeshPodAddressability: boolean
  readonly meshCompatibilityMode: MeshCompatibilityMode
  readonly defaultExternalScheme: string
  readonly externalDomainTls: boolean
  readonly systemInternalTls: boolean
  readonly clusterLocalDomainTls: boolean
  readonly httpProtocol: HttpProtocol
  /** A `metav1.LabelSelector` over namespaces that get wildcard certificates. */
  readonly namespaceWildcardCertSelector?: Readonly<Record<string, unknown>>
}

/** What a domain template may name. */
export interface DomainTemplateValues {
  readonly name: string
  readonly namespace: string
  readonly domain: string
  readonly annotations?: Readonly<Record<string, string>> | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
}

const MODES: readonly MeshCompatibilityMode[] = ['enabled', 'disabled', 'auto']

/** Reads and judges `config-network`. Throws an Error with the text of upstream. */
export function parseNetworkConfig(data: ConfigData): NetworkConfig {
  const read = new ConfigReader(data)
  const config = {
    defaultIngressClass: read.string(['ingress.class', 'ingress-class'], ISTIO_INGRESS_CLASS),
    defaultCertificateClass: read.string(
      ['certificate.class', 'certificate-class'],
      CERT_MANAGER_CERTIFICATE_CLASS,
    ),
    domainTemplate: read.string(
      ['domainTemplate', 'domain-template'],
      '{{.Name}}.{{.Namespace}}.{{.Domain}}',
    ),
    tagTemplate: read.string(['tagTemplate', 'tag-template'], '{{.Tag}}-{{.Name}}'),
    rolloutDurationSeconds: read.int(['rolloutDuration', 'rollout-duration'], 0),
    autocreateClusterDomainClaims: read.boolean(
      ['autocreateClusterDomainClaims', 'autocreate-cluster-domain-claims'],
      false,
    ),
    enableMeshPodAddressability: read.boolean('enable-mesh-pod-addressability', false),
    defaultExternalScheme: read.string(
      ['defaultExternalScheme', 'default-external-scheme'],
      'http',
    ),
    internalEncryption: read.boolean('internal-encryption', false),
    meshCompatibilityMode: read.choice('mesh-compatibility-mode', MODES, 'auto'),
    ...readCertSelector(read),
  }
  if (config.rolloutDurationSeconds < 0) {
    const was = config.rolloutDurationSeconds
    throw new Error(`rollout-duration must be a positive integer, but was ${was}`)
  }
  checkTemplates(config.domainTemplate, config.tagTemplate)
  const {internalEncryption, ...rest} = config
  return {
    ...rest,
    externalDomainTls: isEnabled(read.raw('autoTLS', 'auto-tls', 'external-domain-tls')),
    httpProtocol: readHttpProtocol(read),
    systemInternalTls: readEncryption(read, 'system-internal-tls') ?? internalEncryption,
    clusterLocalDomainTls: readEncryption(read, 'cluster-local-domain-tls') ?? false,
  }
}

function isEnabled(text: string | undefined): boolean {
  return text?.toLowerCase() === 'enabled'
}

function readCertSelector(
  read: ConfigReader,
): Pick<NetworkConfig, 'namespaceWildcardCertSelector'> {
  const text = read.raw('namespace-wildcard-cert-selector') ?? ''
  const value = text === '' ? undefined : parseYamlValue(text)
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const kind = Array.isArray(value) ? 'array' : typeof value
    throw new Error(
      `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type v1.LabelSelector`,
    )
  }
  return {namespaceWildcardCertSelector: value as Record<string, unknown>}
}

function readHttpProtocol(read: ConfigReader): HttpProtocol {
  const protocol = (read.raw('httpProtocol', 'http-protocol') ?? '').toLowerCase()
  if (protocol === '') return 'enabled'
  if (protocol === 'enabled' || protocol === 'disabled' || protocol === 'redirected') {
    return protocol
  }
  const was = read.raw('http-protocol') ?? ''
  throw new Error(`httpProtocol ${was} in config-network ConfigMap is not supported`)
}

/** undefined: not said, or said to be off. */
function readEncryption(read: ConfigReader, key: string): true | undefined {
  const text = read.raw(key) ?? ''
  const value = text.toLowerCase()
  if (value === '' || value === 'disabled') return undefined
  if (value === 'enabled') return true
  throw new Error(`${key} with value: ${quote(text)} in config-network ConfigMap is not supported`)
}

/** A host has 253 characters: a template that makes a thousand times as many makes none. */
const TEMPLATE_OPTIONS = {maxCost: 100_000}
const MAX_TEMPLATE_LENGTH = 16_384

function checkTemplates(domainTemplate: string, tagTemplate: string): void {
  for (const [key, text] of Object.entries({domainTemplate, tagTemplate})) {
    if (text.length > MAX_TEMPLATE_LENGTH) {
      throw new Error(
        `${key} has ${text.length} characters, and may have ${MAX_TEMPLATE_LENGTH}: shorten it`,
      )
    }
  }
  const domain = new GoTemplate('domain-template', domainTemplate, TEMPLATE_OPTIONS)
  checkHost(domain.execute(domainValues({name: 'foo', namespace: 'bar', domain: 'baz.com'})))
  new GoTemplate('tag-template', tagTemplate, TEMPLATE_OPTIONS).execute(tagValues('foo', 'v2'))
}

function domainValues(values: DomainTemplateValues): GoStruct {
  return new GoStruct('config.DomainTemplateValues', {
    Name: values.name,
    Namespace: values.namespace,
    Domain: values.domain,
    Annotations: values.annotations ?? {},
    Labels: values.labels ?? {},
  })
}

function tagValues(name: string, tag: string): GoStruct {
  return new GoStruct('config.TagTemplateValues', {Name: name, Tag: tag})
}

/** A template is parsed once; ConfigMaps change rarely and Routes ask for each host. */
const parsed = new Map<string, GoTemplate>()

function templateOf(name: string, text: string): GoTemplate {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const template = new GoTemplate(name, text, TEMPLATE_OPTIONS)
  if (parsed.size >= 20) parsed.clear()
  parsed.set(text, template)
  return template
}

/**
 * The host of a Route.
 *
 * @throws Error when the template does not work for these labels and annotations.
 */
export function expandDomainTemplate(config: NetworkConfig, values: DomainTemplateValues): string {
  return templateOf('domain-template', config.domainTemplate).execute(domainValues(values))
}

/** The name that takes a Route's place in the host of one of its tags. Throws as the domain template. */
export function expandTagTemplate(
  config: NetworkConfig,
  values: {readonly name: string; readonly tag: string},
): string {
  return templateOf('tag-template', config.tagTemplate).execute(tagValues(values.name, values.tag))
}

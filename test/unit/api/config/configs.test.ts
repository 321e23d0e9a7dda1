import {describe, expect, test} from 'vitest'
import {parseAutoscalerConfig} from '../../../../src/api/config/autoscaler.ts'
import {containerNameFor, parseDefaultsConfig} from '../../../../src/api/config/defaults.ts'
import {parseDeploymentConfig} from '../../../../src/api/config/deployment.ts'
import {parseFeaturesConfig} from '../../../../src/api/config/features.ts'
import {parseGcConfig} from '../../../../src/api/config/gc.ts'
import {parseIstioConfig} from '../../../../src/api/config/istio.ts'
import {parseLeaderElectionConfig} from '../../../../src/api/config/leader-election.ts'
import {parseLoggingConfig} from '../../../../src/api/config/logging.ts'
import {parseObservabilityConfig} from '../../../../src/api/config/observability.ts'
import {parseTracingConfig} from '../../../../src/api/config/tracing.ts'

type Data = Record<string, string>

/** A row: what is in the ConfigMap, and what is said against it. */
function refuses(parse: (data: Data) => unknown, rows: readonly (readonly [Data, string])[]): void {
  test.each(rows)('%j is refused', (data, message) => {
    expect(() => parse(data)).toThrow(new Error(message))
  })
}

describe('config-autoscaler', () => {
  test('percentages become fractions, and values up to one are fractions already', () => {
    const fraction = (text: string): number =>
      parseAutoscalerConfig({'container-concurrency-target-percentage': text})
        .containerConcurrencyTargetFraction
    expect([fraction('70'), fraction('0.5'), fraction('1')]).toEqual([0.7, 0.5, 1])
  })

  test('every key is read', () => {
    const config = parseAutoscalerConfig({
      'pod-autoscaler-class': 'mine.example.com',
      'enable-scale-to-zero': 'false',
      'allow-zero-initial-scale': 'true',
      'max-scale-up-rate': '3.5',
      'max-scale-down-rate': '4',
      'container-concurrency-target-default': '50',
      'requests-per-second-target-default': '12',
      'target-burst-capacity': '-1',
      'panic-window-percentage': '20',
      'activator-capacity': '2',
      'panic-threshold-percentage': '300',
      'initial-scale': '0',
      'min-scale': '1',
      'max-scale': '5',
      'max-scale-limit': '9',
      'stable-window': '5m',
      'scale-down-delay': '15s',
      'scale-to-zero-grace-period': '1m30s',
      'scale-to-zero-pod-retention-period': '2m',
    })
    expect(config).toEqual({
      podAutoscalerClass: 'mine.example.com',
      enableScaleToZero: false,
      allowZeroInitialScale: true,
      maxScaleUpRate: 3.5,
      maxScaleDownRate: 4,
      containerConcurrencyTargetFraction: 0.7,
      containerConcurrencyTargetDefault: 50,
      targetUtilization: 0.7,
      rpsTargetDefault: 12,
      targetBurstCapacity: -1,
      panicWindowPercentage: 20,
      activatorCapacity: 2,
      panicThresholdPercentage: 300,
      initialScale: 0,
      minScale: 1,
      maxScale: 5,
      maxScaleLimit: 9,
      stableWindowMs: 300_000,
      scaleDownDelayMs: 15_000,
      scaleToZeroGracePeriodMs: 90_000,
      scaleToZeroPodRetentionPeriodMs: 120_000,
    })
  })

  refuses(parseAutoscalerConfig, [
    [
      {'enable-scale-to-zero': 'maybe'},
      'failed to parse data: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      {'stable-window': 'soon'},
      'failed to parse data: failed to parse "stable-window": time: invalid duration "soon"',
    ],
    [
      {'initial-scale': '3000000000'},
      'failed to parse data: failed to parse "initial-scale": strconv.ParseInt: parsing "3000000000": value out of range',
    ],
    [{'scale-to-zero-grace-period': '0s'}, 'scale-to-zero-grace-period must be positive, was: 0s'],
    [{'scale-down-delay': '-1s'}, 'scale-down-delay cannot be negative, was: -1s'],
    [
      {'scale-down-delay': '1500ms'},
      'scale-down-delay = 1.5s, must be specified with at most second precision',
    ],
    [
      {'scale-to-zero-pod-retention-period': '-4s'},
      'scale-to-zero-pod-retention-period cannot be negative, was: -4s',
    ],
    [
      {'target-burst-capacity': '-11'},
      'target-burst-capacity must be either non-negative or -1 (for unlimited), was: -11.000000',
    ],
    [
      {'container-concurrency-target-percentage': '0'},
      'container-concurrency-target-percentage = 0.000000 is outside of valid range of (0, 100]',
    ],
    [
      {
        'container-concurrency-target-percentage': '0.05',
        'container-concurrency-target-default': '0.1',
      },
      "container-concurrency-target-percentage and container-concurrency-target-default yield target concurrency of 0.005000000000000001, can't be less than 0.01",
    ],
    [
      {'requests-per-second-target-default': '0.001'},
      'requests-per-second-target-default must be at least 0.01, was: 0.001',
    ],
    [{'activator-capacity': '0.95'}, 'activator-capacity = 0.95, must be at least 1'],
    [{'max-scale-down-rate': '1'}, 'max-scale-down-rate = 1, must be greater than 1.0'],
    [{'stable-window': '2h'}, 'stable-window = 2h0m0s, must be in [6s; 1h0m0s] range'],
    [
      {'stable-window': '61984ms'},
      'stable-window = 1m1.984s, must be specified with at most second precision',
    ],
    [
      {'panic-window-percentage': '0.1'},
      'panic-window-percentage = 0.1, must be in [1, 100] interval',
    ],
    [
      {'initial-scale': '0'},
      'initial-scale = 0, must be at least 0 (or at least 1 when allow-zero-initial-scale is false)',
    ],
    [{'min-scale': '-1'}, 'min-scale = -1, must be at least 0'],
    [{'max-scale': '-1'}, 'max-scale = -1, must be in [0, max-scale-limit(0)] range'],
    [{'max-scale-limit': '3'}, 'max-scale = 0, must be in [1, max-scale-limit(3)] range'],
    [{'max-scale-limit': '-1'}, 'max-scale-limit = -1, must be at least 0'],
    [{'min-scale': '6', 'max-scale': '5'}, 'min-scale (6) must be less than max-scale (5)'],
  ])
})

describe('config-defaults', () => {
  test('the time to the first byte follows the timeout', () => {
    expect(parseDefaultsConfig({'revision-timeout-seconds': '12'})).toMatchObject({
      revisionTimeoutSeconds: 12,
      revisionResponseStartTimeoutSeconds: 12,
    })
  })

  test.each([
    [{}, false],
    [{'enable-service-links': 'TRUE'}, true],
    [{'enable-service-links': 'false'}, false],
    [{'enable-service-links': 'default'}, undefined],
  ] as [Data, boolean | undefined][])('%j: service links are %s', (data, links) => {
    expect(parseDefaultsConfig(data).enableServiceLinks).toBe(links)
  })

  test('resources are canonical', () => {
    const config = parseDefaultsConfig({'revision-cpu-request': '1000m'})
    expect(config.revisionCpuRequest).toBe('1')
    expect(config).not.toHaveProperty('revisionCpuLimit')
  })

  test('container names are templates over the metadata of the parent', () => {
    const config = parseDefaultsConfig({'container-name-template': '{{.Name}}-{{.Labels.team}}'})
    const parent = {name: 'web', labels: {team: 'blue'}}
    expect(containerNameFor(config, 'user', parent)).toBe('web-blue')
    expect(containerNameFor(config, 'init', parent)).toBe('init-container')
  })

  refuses(parseDefaultsConfig, [
    [
      {'revision-timeout-seconds': 'asdf'},
      'failed to parse "revision-timeout-seconds": strconv.ParseInt: parsing "asdf": invalid syntax',
    ],
    [
      {'revision-cpu-request': 'bad'},
      `failed to parse "revision-cpu-request": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    ],
    [
      {'revision-idle-timeout-seconds': '400'},
      'revision-idle-timeout-seconds (400) cannot be greater than revision-timeout-seconds (300)',
    ],
    [
      {'revision-response-start-timeout-seconds': '301'},
      'revision-response-start-timeout-seconds (301) cannot be greater than revision-timeout-seconds (300)',
    ],
    [
      {'container-concurrency-max-limit': '0'},
      'expected 1 <= 0 <= 2147483647: container-concurrency-max-limit',
    ],
    [{'container-concurrency': '1001'}, 'expected 0 <= 1001 <= 1000: container-concurrency'],
    [
      {'container-name-template': '{{.NAme}}'},
      'error executing template: template: container-template:1:2: executing "container-template" at <.NAme>: can\'t evaluate field NAme in type v1.ObjectMeta',
    ],
    [
      {'container-name-template': '{{xxx}}'},
      'template: container-template:1: function "xxx" not defined',
    ],
  ])
})

describe('config-deployment', () => {
  test('old and new spellings are read, the new one wins', () => {
    const config = parseDeploymentConfig({
      queueSidecarImage: 'old',
      'queue-sidecar-image': 'new',
      progressDeadline: '44s',
      'registries-skipping-tag-resolving': ' a.io , b.io',
      'queue-sidecar-memory-limit': '1024Mi',
    })
    expect(config).toMatchObject({
      queueSidecarImage: 'new',
      progressDeadlineMs: 44_000,
      queueSidecarCpuRequest: '25m',
      queueSidecarMemoryLimit: '1Gi',
    })
    expect([...config.registriesSkippingTagResolving]).toEqual(['a.io', 'b.io'])
  })

  const image = {'queue-sidecar-image': 'q'}
  refuses(parseDeploymentConfig, [
    [{}, 'queue-sidecar-image cannot be empty or unset'],
    [
      {...image, 'progress-deadline': '0ms'},
      'progress-deadline cannot be a non-positive duration, was 0s',
    ],
    [
      {...image, 'progress-deadline': '1982ms'},
      'progress-deadline must be rounded to a whole second, was: 1.982s',
    ],
    [
      {...image, 'digest-resolution-timeout': '-1s'},
      'digest-resolution-timeout cannot be a non-positive duration, was -1s',
    ],
  ])
})

describe('config-gc', () => {
  test('disabled limits are not there', () => {
    expect(
      parseGcConfig({
        'retain-since-create-time': 'Disabled',
        'retain-since-last-active-time': '15h',
        'max-non-active-revisions': 'disabled',
      }),
    ).toEqual({
      retainSinceCreateTimeMs: undefined,
      retainSinceLastActiveTimeMs: 54_000_000,
      minNonActiveRevisions: 20,
      maxNonActiveRevisions: undefined,
    })
  })

  refuses(parseGcConfig, [
    [
      {'min-non-active-revisions': 'x'},
      'failed to parse data: failed to parse "min-non-active-revisions": strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      {'retain-since-create-time': '-1h'},
      'failed to parse retain-since-create-time: must be non-negative',
    ],
    [
      {'max-non-active-revisions': '-2'},
      'failed to parse max-non-active-revisions: strconv.ParseUint: parsing "-2": invalid syntax',
    ],
    [
      {'min-non-active-revisions': '20', 'max-non-active-revisions': '10'},
      'min-non-active-revisions(20) must be <= max-non-active-revisions(10)',
    ],
  ])
})

describe('config-features', () => {
  test('flags are read in any case, and nonsense leaves the default', () => {
    const features = parseFeaturesConfig({
      'multi-container': 'foo',
      'kubernetes.podspec-affinity': 'ALLOWED',
      'kubernetes.podspec-tolerations': 'enabled',
      'kubernetes.podspec-volumes-emptydir': 'Disabled',
    })
    expect(features).toMatchObject({
      multiContainer: 'Enabled',
      podSpecAffinity: 'Allowed',
      podSpecTolerations: 'Enabled',
      podSpecVolumesEmptyDir: 'Disabled',
      podSpecDryRun: 'Allowed',
    })
  })
})

describe('config-istio', () => {
  test('gateways are read in the order of their keys, with and without a namespace', () => {
    expect(
      parseIstioConfig({
        'gateway.knative-serving.b': 'b.istio-system.svc.cluster.local',
        'gateway.a': 'a.istio-system.svc.cluster.local.',
      }),
    ).toEqual({
      ingressGateways: [
        {namespace: 'knative-serving', name: 'a', serviceUrl: 'a.istio-system.svc.cluster.local.'},
        {namespace: 'knative-serving', name: 'b', serviceUrl: 'b.istio-system.svc.cluster.local'},
      ],
      localGateways: [
        {
          namespace: 'knative-serving',
          name: 'knative-local-gateway',
          serviceUrl: 'knative-local-gateway.istio-system.svc.cluster.local',
        },
      ],
    })
  })

  refuses(parseIstioConfig, [
    [
      {'gateway.a': '_invalid'},
      "invalid gateway format: [a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')]",
    ],
  ])
})

describe('the other ConfigMaps', () => {
  test('levels are read per component', () => {
    expect(
      parseLoggingConfig({'loglevel.controller': 'DEBUG', 'loglevel.activator': 'warn'}).levels,
    ).toEqual({controller: 'debug', activator: 'warn'})
  })

  test('the old switch of tracing means zipkin', () => {
    expect(parseTracingConfig({enable: 'true', 'zipkin-endpoint': 'z'}).backend).toBe('zipkin')
  })

  test('request metrics are reported as often as the others', () => {
    const period = (data: Data): number =>
      parseObservabilityConfig(data).requestMetricsReportingPeriodSeconds
    expect(period({})).toBe(5)
    expect(period({'metrics.reporting-period-seconds': '10'})).toBe(10)
    expect(period({'metrics.request-metrics-backend-destination': 'opencensus'})).toBe(60)
  })

  refuses(parseLoggingConfig, [[{'loglevel.x': 'Loud'}, 'invalid logging level: Loud']])
  refuses(parseTracingConfig, [
    [{backend: 'stackdriver'}, 'unsupported tracing backend value "stackdriver"'],
    [
      {enable: 'x'},
      'failed parsing tracing config "enable": strconv.ParseBool: parsing "x": invalid syntax',
    ],
    [{backend: 'zipkin'}, 'zipkin tracing enabled without a zipkin endpoint specified'],
    [{'sample-rate': '1.1'}, 'sample-rate = 1.1 must be in [0, 1] range'],
  ])
  refuses(parseObservabilityConfig, [
    [
      {'logging.enable-request-log': 'true', 'logging.request-log-template': ''},
      '"logging.enable-request-log" was set to true, but no "logging.request-log-template" was specified',
    ],
    [
      {'metrics.reporting-period-seconds': 'x'},
      'invalid metrics.reporting-period-seconds value "x"',
    ],
    [
      {'logging.request-log-template': '{{ something }}'},
      'template: requestLog:1: function "something" not defined',
    ],
  ])
  refuses(parseLeaderElectionConfig, [
    [{buckets: '11'}, 'buckets: value must be between 1 <= 11 <= 10'],
    [
      {'lease-duration': 'flommox'},
      'failed to parse "lease-duration": time: invalid duration "flommox"',
    ],
  ])
})

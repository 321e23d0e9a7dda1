import type {ErrorCode} from '../errors/catalog.ts'
import {KntoolError} from '../errors/kntool-error.ts'

/** Which call failed, for the words of its error. */
export interface AwsCall {
  /** The IAM action it needs: `route53:ListHostedZonesByName`. */
  readonly action: string
  /** `in eu-central-1`; absent for services without regions. */
  readonly region?: string | undefined
  readonly profile?: string | undefined
}

const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'])
const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'TokenRefreshRequired',
])
const UNKNOWN_IDENTITY = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'AuthFailure',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'IncompleteSignature',
])
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'PriorRequestNotComplete',
])
const NOT_FOUND = new Set(['NoSuchHostedZone', 'LoadBalancerNotFoundException', 'NoSuchChange'])

interface SdkError extends Error {
  readonly code?: string
  readonly $metadata?: {readonly httpStatusCode?: number}
}

interface Explanation {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: readonly string[]
}

/** One line of the table: whether a failure is of its sort, and how that is said. */
interface Rule {
  fits(error: SdkError): boolean
  explain(error: SdkError, call: AwsCall, where: string): Explanation
}

const RULES: readonly Rule[] = [
  {
    fits: ({message}) => /Region is missing/i.test(message),
    explain: () => ({
      code: 'KN_USAGE',
      message: 'The AWS region is unknown.',
      hint: ['Give it: --region eu-central-1', 'Or: export AWS_REGION=eu-central-1'],
    }),
  },
  {
    fits: ({name, message}) =>
      EXPIRED.has(name) || /(token|session).*expired|expired.*(token|session)/i.test(message),
    explain: (_error, call) => ({
      code: 'KN_FORBIDDEN',
      message: `The AWS credentials have expired (${call.action}).`,
      hint: [`Sign in again: ${loginCommand(call)}`],
    }),
  },
  {
    fits: ({name, message}) =>
      name === 'CredentialsProviderError' || /Could not load credentials/.test(message),
    explain: ({message}, call) => ({
      code: 'KN_FORBIDDEN',
      message: `There are no AWS credentials for ${call.action}: ${firstLine(message)}`,
      hint: [
        `Sign in: ${loginCommand(call)}`,
        'Or name a profile: --profile NAME',
        'Or leave DNS to others: --dns none',
      ],
    }),
  },
  {
    fits: ({name}) => UNKNOWN_IDENTITY.has(name),
    explain: ({message}, call) => ({
      code: 'KN_FORBIDDEN',
      message: `AWS does not accept the credentials for ${call.action}: ${message}`,
      hint: [
        'See whose they are: aws sts get-caller-identity',
        `Sign in again: ${loginCommand(call)}`,
      ],
    }),
  },
  {
    fits: ({name, $metadata}) => DENIED.has(name) || $metadata?.httpStatusCode === 403,
    explain: ({message}, call, where) => ({
      code: 'KN_FORBIDDEN',
      message: `The AWS credentials do not allow ${deniedAction(message) ?? call.action}${where}.`,
      hint: [
        'Allow the action in the IAM policy of the identity in use.',
        'See whose they are: aws sts get-caller-identity',
      ],
    }),
  },
  {
    fits: ({name}) => THROTTLED.has(name),
    explain: ({message}, call, where) => ({
      code: 'KN_TIMEOUT',
      message: `AWS throttles ${call.action}${where}: ${message}`,
      hint: ['Run the same command again in a minute: it goes on where it stopped.'],
    }),
  },
  {
    fits: ({name}) => NOT_FOUND.has(name),
    explain: ({message}) => ({code: 'KN_NOT_FOUND', message, hint: []}),
  },
  {
    fits: ({name}) => name === 'InvalidChangeBatch',
    explain: ({message}) => ({
      code: 'KN_CONFLICT',
      message: `Route 53 refused the change: ${message}`,
      hint: [],
    }),
  },
  {
    fits: ({name, code, message}) =>
      name === 'TimeoutError' ||
      name === 'AbortError' ||
      /^(E[A-Z]+|UND_ERR_.*)$/.test(code ?? '') ||
      /ENOTFOUND|ECONNREFUSED|ECONNRESET|socket hang up/.test(message),
    explain: ({code, message}, call, where) => ({
      code: 'KN_UNREACHABLE',
      message: `No answer from AWS for ${call.action}${where}: ${code ?? message}.`,
      hint: [
        ...(code === 'ENOTFOUND' && call.region !== undefined
          ? [`Is "${call.region}" the region of the cluster? --region REGION`]
          : []),
        'Behind a proxy: export HTTPS_PROXY=http://proxy:3128',
      ],
    }),
  },
]

/**
 * A failure of the AWS SDK as an error for people: what was asked, what AWS said, what to type.
 *
 * | failure                               | code             |
 * |---------------------------------------|------------------|
 * | no credentials, expired, unknown      | `KN_FORBIDDEN`   |
 * | action not allowed                    | `KN_FORBIDDEN`, names the action |
 * | throttled, after the SDK's own retries| `KN_TIMEOUT`     |
 * | no answer: wrong region, no network   | `KN_UNREACHABLE` |
 * | no region at all                      | `KN_USAGE`       |
 * | zone, load balancer, change not there | `KN_NOT_FOUND`   |
 * | change refused                        | `KN_CONFLICT`    |
 * | else                                  | `KN_FAILED`      |
 */
export function explainAwsError(error: unknown, call: AwsCall): KntoolError {
  if (error instanceof KntoolError) return error
  const failure = error as SdkError
  const {name, message, $metadata} = failure
  const where = call.region === undefined ? '' : ` in ${call.region}`
  const rule = RULES.find((candidate) => candidate.fits(failure))
  const explanation = rule?.explain(failure, call, where) ?? {
    code: 'KN_FAILED' as const,
    message: `AWS answered ${call.action}${where} with ${name}: ${message}`,
    hint: [],
  }
  return new KntoolError(explanation.code, explanation.message, {
    hint: explanation.hint,
    details: {
      action: call.action,
      ...(call.region !== undefined && {region: call.region}),
      ...(name !== 'Error' && {error: name}),
      ...($metadata?.httpStatusCode !== undefined && {status: $metadata.httpStatusCode}),
    },
    cause: error,
  })
}

/** The action a message names: `… is not authorized to perform: route53:GetChange on resource …`. */
export function deniedAction(message: string): string | undefined {
  return /not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)/.exec(message)?.[1]
}

function loginCommand({profile}: AwsCall): string {
  return `aws sso login${profile === undefined ? '' : ` --profile ${profile}`}`
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}

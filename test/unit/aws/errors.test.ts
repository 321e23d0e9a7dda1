import {expect, test} from 'vitest'
import {deniedAction, explainAwsError} from '../../../src/aws/errors.ts'

const CALL = {
  action: 'elasticloadbalancing:DescribeLoadBalancers',
  region: 'eu-central-1',
  profile: 'prod',
}

function sdkError(name: string, message: string, extra: object = {}): Error {
  return Object.assign(new Error(message), {name, ...extra})
}

test.each([
  [
    sdkError('CredentialsProviderError', 'Could not load credentials from any providers'),
    'KN_FORBIDDEN',
    'There are no AWS credentials for elasticloadbalancing:DescribeLoadBalancers: Could not load credentials from any providers',
    'Sign in: aws sso login --profile prod',
  ],
  [
    sdkError('ExpiredTokenException', 'The security token included in the request is expired'),
    'KN_FORBIDDEN',
    'The AWS credentials have expired (elasticloadbalancing:DescribeLoadBalancers).',
    'Sign in again: aws sso login --profile prod',
  ],
  [
    sdkError(
      'CredentialsProviderError',
      'Token is expired. To refresh this SSO session run aws sso login',
    ),
    'KN_FORBIDDEN',
    'The AWS credentials have expired (elasticloadbalancing:DescribeLoadBalancers).',
    'Sign in again: aws sso login --profile prod',
  ],
  [
    sdkError(
      'AccessDenied',
      'User: arn:aws:iam::1:user/x is not authorized to perform: elasticloadbalancing:DescribeTags on resource: *',
      {$metadata: {httpStatusCode: 403}},
    ),
    'KN_FORBIDDEN',
    'The AWS credentials do not allow elasticloadbalancing:DescribeTags in eu-central-1.',
    'Allow the action in the IAM policy of the identity in use.',
  ],
  [
    sdkError('InvalidClientTokenId', 'The security token included in the request is invalid.'),
    'KN_FORBIDDEN',
    'AWS does not accept the credentials for elasticloadbalancing:DescribeLoadBalancers: The security token included in the request is invalid.',
    'See whose they are: aws sts get-caller-identity',
  ],
  [
    sdkError('Throttling', 'Rate exceeded'),
    'KN_TIMEOUT',
    'AWS throttles elasticloadbalancing:DescribeLoadBalancers in eu-central-1: Rate exceeded',
    'Run the same command again in a minute: it goes on where it stopped.',
  ],
  [
    sdkError('Error', 'getaddrinfo ENOTFOUND elasticloadbalancing.eu-central-9.amazonaws.com', {
      code: 'ENOTFOUND',
    }),
    'KN_UNREACHABLE',
    'No answer from AWS for elasticloadbalancing:DescribeLoadBalancers in eu-central-1: ENOTFOUND.',
    'Is "eu-central-1" the region of the cluster? --region REGION',
  ],
  [
    sdkError('Error', 'Region is missing'),
    'KN_USAGE',
    'The AWS region is unknown.',
    'Give it: --region eu-central-1',
  ],
  [
    sdkError('InvalidChangeBatch', '[Tried to create resource record set but it already exists]'),
    'KN_CONFLICT',
    'Route 53 refused the change: [Tried to create resource record set but it already exists]',
    undefined,
  ],
  [
    sdkError('InternalFailure', 'oops', {$metadata: {httpStatusCode: 500}}),
    'KN_FAILED',
    'AWS answered elasticloadbalancing:DescribeLoadBalancers in eu-central-1 with InternalFailure: oops',
    undefined,
  ],
])('%s', (error, code, message, hint) => {
  const explained = explainAwsError(error, CALL)
  expect([explained.code, explained.message, explained.hints[0]]).toEqual([code, message, hint])
})

test('the action that was denied is read off the message', () => {
  expect(deniedAction('x is not authorized to perform: route53:GetChange on y')).toBe(
    'route53:GetChange',
  )
  expect(deniedAction('no')).toBeUndefined()
})

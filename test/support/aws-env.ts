import {afterEach, beforeEach} from 'vitest'
import {TEST_CREDENTIALS} from './aws-moto.ts'

/**
 * Gives each test of a file an environment in which the SDK finds `AWS_ENDPOINT_URL` and the
 * credentials of an emulator, and nothing of this machine's own.
 */
export function useAwsEnvironment(endpoint: () => string): void {
  let before: Record<string, string | undefined> = {}
  beforeEach(() => {
    const wanted: Record<string, string> = {
      ...TEST_CREDENTIALS,
      AWS_ENDPOINT_URL: endpoint(),
      AWS_REGION: 'us-east-1',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    before = Object.fromEntries(Object.keys(wanted).map((name) => [name, process.env[name]]))
    Object.assign(process.env, wanted)
  })
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
}

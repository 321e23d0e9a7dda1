import {describe, expect, test} from 'vitest'
import type {Secret} from '../../../../../../src/api/core/v1.ts'
import {parseImageTag} from '../../../../../../src/knative/controller/revision/registry/image-tag.ts'
import {credentialsFor} from '../../../../../../src/knative/controller/revision/registry/pull-credentials.ts'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')

function pullSecret(auths: Record<string, unknown>): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {name: 'pull'},
    type: 'kubernetes.io/dockerconfigjson',
    data: {'.dockerconfigjson': encode({auths})},
  }
}

const ann = {auth: Buffer.from('ann:p:w').toString('base64')}
const bob = {username: 'bob', password: 'pw'}

describe('credentials for an image', () => {
  test.each([
    ['docker.io/team/app', 'https://index.docker.io/v1/'],
    ['team/app', 'docker.io'],
    ['ghcr.io/team/app:1', 'ghcr.io'],
    ['host:5000/app', 'host:5000'],
    ['ghcr.io/team/app', 'ghcr.io/team'],
  ])('%s is covered by %s', (image, address) => {
    expect(credentialsFor(parseImageTag(image), [pullSecret({[address]: ann})])).toEqual({
      username: 'ann',
      password: 'p:w',
    })
  })

  test.each([
    ['ghcr.io/team/app', 'ghcr.io/tea'],
    ['ghcr.io.example/app', 'ghcr.io'],
    ['quay.io/app', 'ghcr.io'],
  ])('%s is not covered by %s', (image, address) => {
    expect(credentialsFor(parseImageTag(image), [pullSecret({[address]: ann})])).toBeUndefined()
  })

  test('are those of the longest address that covers it', () => {
    const secrets = [pullSecret({'ghcr.io': ann}), pullSecret({'ghcr.io/team': bob})]
    expect(credentialsFor(parseImageTag('ghcr.io/team/app'), secrets)).toEqual(bob)
    expect(credentialsFor(parseImageTag('ghcr.io/other/app'), secrets)?.username).toBe('ann')
  })

  test('come from secrets of the old form too', () => {
    const old: Secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'old'},
      type: 'kubernetes.io/dockercfg',
      data: {'.dockercfg': encode({'ghcr.io': bob})},
    }
    expect(credentialsFor(parseImageTag('ghcr.io/app'), [old])).toEqual(bob)
  })

  test('are none where secrets cannot be read', () => {
    const broken: Secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'broken'},
      type: 'kubernetes.io/dockerconfigjson',
      data: {'.dockerconfigjson': 'e30tLQ=='},
    }
    const secrets = [broken, pullSecret({'ghcr.io': {auth: '!'}}), pullSecret({'ghcr.io': 7})]
    expect(credentialsFor(parseImageTag('ghcr.io/app'), secrets)).toBeUndefined()
  })
})

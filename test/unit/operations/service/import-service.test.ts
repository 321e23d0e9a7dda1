import {describe, expect, test} from 'vitest'
import type {Revision, Service} from '../../../../src/api/serving/v1.ts'
import {avoidCollision} from '../../../../src/operations/service/import-service.ts'

const spec = (image: string) => ({containers: [{image}]})

function service(image: string, name?: string): Service {
  const template = {...(name && {metadata: {name}}), spec: spec(image)}
  return {apiVersion: 'v1', kind: 'Service', metadata: {name: 'web'}, spec: {template}}
}

function revision(generation: number, image: string): Revision {
  return {
    apiVersion: 'v1',
    kind: 'Revision',
    metadata: {
      name: `web-0000${generation}`,
      labels: {'serving.knative.dev/configurationGeneration': String(generation)},
    },
    spec: spec(image),
  }
}

describe('an imported service', () => {
  const names = (content: ReturnType<typeof avoidCollision>): unknown => [
    content.service.spec.template.metadata?.name,
    ...content.revisions.map(({metadata}) => metadata.name),
  ]

  test('is named after its newest revision, which is not made twice', () => {
    const revisions = [revision(3, 'new'), revision(1, 'old')]
    expect(names(avoidCollision({service: service('new'), revisions}))).toEqual([
      'web-00003',
      'web-00001',
    ])
  })

  test('gets the next name when none of the revisions is its own', () => {
    const revisions = [revision(1, 'old'), revision(2, 'older')]
    expect(names(avoidCollision({service: service('new'), revisions}))).toEqual([
      'web-00003',
      'web-00001',
      'web-00002',
    ])
  })

  test.each([
    ['has a name', service('new', 'web-first'), [revision(1, 'old')]],
    ['has no first revision in its way', service('new'), [revision(4, 'old')]],
    ['has no revisions', service('new'), []],
  ])('stays as it is when it %s', (_, given, revisions) => {
    const content = {service: given, revisions}
    expect(avoidCollision(content)).toEqual(content)
  })
})

import {describe, expect, test} from 'vitest'
import {parsePath} from '../../../../src/kubernetes/apiserver/request-info.ts'

describe('a path of the API', () => {
  test.each([
    ['/api/v1/nodes', {group: '', version: 'v1', resource: 'nodes'}],
    ['/api/v1/pods', {group: '', version: 'v1', resource: 'pods'}],
    ['/api/v1/namespaces', {group: '', version: 'v1', resource: 'namespaces'}],
    ['/api/v1/namespaces/a', {group: '', version: 'v1', resource: 'namespaces', name: 'a'}],
    [
      '/api/v1/namespaces/a/finalize',
      {group: '', version: 'v1', resource: 'namespaces', name: 'a', subresource: 'finalize'},
    ],
    ['/api/v1/namespaces/a/pods/', {group: '', version: 'v1', namespace: 'a', resource: 'pods'}],
    [
      '/apis/apps/v1/namespaces/a/deployments/b/scale',
      {
        group: 'apps',
        version: 'v1',
        namespace: 'a',
        resource: 'deployments',
        name: 'b',
        subresource: 'scale',
      },
    ],
    [
      '/api/v1/namespaces/a/pods/b/proxy/some/path',
      {
        group: '',
        version: 'v1',
        namespace: 'a',
        resource: 'pods',
        name: 'b',
        subresource: 'proxy/some/path',
      },
    ],
    [
      '/api/v1/watch/namespaces/a/pods',
      {group: '', version: 'v1', namespace: 'a', resource: 'pods', watch: true},
    ],
    [
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
      {
        group: 'rbac.authorization.k8s.io',
        version: 'v1',
        resource: 'clusterroles',
        name: 'system:node',
      },
    ],
  ])('%s leads to a resource', (path, info) => {
    expect(parsePath(path)).toEqual({kind: 'resource', info})
  })

  test.each(['/api/v1//pods', '/api/v1/namespaces/a/pods/b%2Fc', '/api/v1/pods/%zz'])(
    '%s is malformed',
    (path) => {
      expect(parsePath(path)).toEqual({kind: 'malformed'})
    },
  )

  test.each([
    ['/', []],
    ['/version', ['version']],
    ['/apis/apps/v1', ['apis', 'apps', 'v1']],
    ['/openapi/v3/api/v1', ['openapi', 'v3', 'api', 'v1']],
  ])('%s leads elsewhere', (path, segments) => {
    expect(parsePath(path)).toEqual({kind: 'other', segments})
  })
})

import {describe, expect, test} from 'vitest'
import {parseJsonPath} from '../../../../../src/kubernetes/kinds/apiextensions/json-path.ts'

const DOCUMENT = {
  metadata: {name: 'a', labels: {'example.com/app': 'web'}},
  status: {
    url: 'http://a',
    conditions: [
      {type: 'Ready', status: 'True', reason: 'Fine'},
      {type: 'Scaled', status: 'False'},
    ],
    ports: [{port: 80}, {port: 443}],
  },
}

describe('a JSONPath', () => {
  test.each([
    ['.metadata.name', ['a']],
    ['{.metadata.name}', ['a']],
    ['$.status.url', ['http://a']],
    [".status.conditions[?(@.type=='Ready')].status", ['True']],
    ['.status.conditions[?(@.type=="Scaled")].status', ['False']],
    ['.status.conditions[?(@.reason)].type', ['Ready']],
    ['.status.ports[?(@.port>100)].port', [443]],
    ['.status.ports[*].port', [80, 443]],
    ['.status.ports[-1].port', [443]],
    ['.status.ports[7].port', []],
    ["['metadata'].name", ['a']],
    [".metadata.labels['example\\.com/app']", ['web']],
    ['.metadata.labels.example\\.com/app', ['web']],
    ['.nothing.there', []],
    ['.metadata.constructor', []],
  ])('%s finds %j', (path, values) => {
    expect(parseJsonPath(path)?.(DOCUMENT)).toEqual(values)
  })

  test.each(['.a[', '.a[?(]', 'a.b'])('%s is none', (path) => {
    expect(parseJsonPath(path)).toBeUndefined()
  })
})

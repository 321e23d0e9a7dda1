import {expect, test} from 'vitest'
import {type KnownDocuments, parseManifest} from '../../../src/install/parse-manifest.ts'

function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`
}

const namesIn = (text: string): string[] =>
  parseManifest(text, 'a.yaml').map(({metadata}) => metadata.name)

test.each([
  ['one document', configMap('a'), ['a']],
  ['several', `${configMap('a')}---\n${configMap('b')}`, ['a', 'b']],
  ['a license before the first', `# Copyright\n\n---\n${configMap('a')}`, ['a']],
  ['empty ones between', `---\n---\n# nothing\n---\n${configMap('a')}---\n`, ['a']],
  ['a comment behind the mark', `--- # first\n${configMap('a')}`, ['a']],
  ['a document on the line of the mark', `--- ${JSON.stringify(object('a'))}\n`, ['a']],
  ['a directive', `%YAML 1.2\n---\n${configMap('a')}`, ['a']],
  ['marks of ends', `${configMap('a')}...\n---\n${configMap('b')}...\n`, ['a', 'b']],
  ['a text with a mark in it', `${configMap('a')}data:\n  x: |\n    ---\n    y\n`, ['a']],
  [
    'lines as Windows ends them',
    `${configMap('a')}---\n${configMap('b')}`.replaceAll('\n', '\r\n'),
    ['a', 'b'],
  ],
])('%s', (_, text, names) => {
  expect(namesIn(text)).toEqual(names)
})

function object(name: string): object {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name}}
}

test('what a file before had already is not read again', () => {
  const known: KnownDocuments = new Map()
  const [first] = parseManifest(`---\n${configMap('a')}`, 'a.yaml', known)
  const both = parseManifest(`---\n${configMap('b')}---\n${configMap('a')}`, 'b.yaml', known)
  expect(both[1]).toBe(first)
})

test.each([
  [
    `---\n${configMap('a')}---\nkind: [\n`,
    'The manifest a.yaml cannot be used: document 2 is not YAML: yaml: line 8: did not find expected node content.',
  ],
  [
    `# nothing\n---\n${configMap('a')}---\nkind: Secret\n`,
    'The manifest a.yaml cannot be used: document 2 has no apiVersion, kind or metadata.name.',
  ],
  ['# nothing\n', 'The manifest a.yaml cannot be used: it holds no Kubernetes object.'],
])('what cannot be used is said with its place: %j', (text, message) => {
  expect(() => namesIn(text)).toThrow(message)
})

import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {checkManifests} from '../../../../src/operations/apply/check-manifests.ts'
import {parseManifest} from '../../../../src/operations/apply/manifest-document.ts'
import {readManifests} from '../../../../src/operations/apply/read-manifests.ts'

const SERVICE = 'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata:\n  name: web\n'

describe('parseManifest', () => {
  test('knows where each document begins', async () => {
    const text = `# first\n${SERVICE}---\n---\n# third\n\n${SERVICE}`
    const documents = await parseManifest(text, 'a.yaml')
    expect(documents.map(({document, line}) => [document, line])).toEqual([
      [1, 2],
      [3, 10],
    ])
  })

  test('takes a list for its items', async () => {
    const text = '{"apiVersion":"v1","kind":"List","items":[{"kind":"A"},{"kind":"B"}]}'
    const documents = await parseManifest(text, 'a.json')
    expect(documents.map(({value}) => value)).toEqual([{kind: 'A'}, {kind: 'B'}])
  })

  test.each([
    ['a tab', 'a: 1\nb:\n\t- c\n', /^a.yaml:1:3: YAML: /],
    ['a field twice', 'a: 1\nb: 2\na: 3\n', /^a.yaml:1:3: YAML: key "a" already set in map/],
    ['an open bracket in the second', 'a: 1\n---\nb: [1, 2\n', /^a.yaml:2:\d: YAML: /],
  ])('says where the YAML is wrong: %s', async (_, text, message) => {
    await expect(parseManifest(text, 'a.yaml')).rejects.toMatchObject({
      code: 'KN_USAGE',
      message: expect.stringMatching(message),
    })
  })

  test('reads a line of a megabyte', async () => {
    const long = 'x'.repeat(1 << 20)
    const [document] = await parseManifest(`${SERVICE}data: "${long}"\n`, 'a.yaml')
    expect(document?.value).toMatchObject({data: long})
  })
})

describe('checkManifests', () => {
  const check = async (text: string, namespace?: string) =>
    checkManifests(await parseManifest(text, 'a.yaml'), {namespace})

  test.each([
    ['a list', '- a\n', 'a.yaml:1:1: document: '],
    ['a text', 'hello\n', 'a.yaml:1:1: document: '],
    ['no apiVersion', 'kind: Service\n', 'a.yaml:1:1: apiVersion: it is missing'],
    ['a kind that is a number', 'apiVersion: v1\nkind: 3\n', 'a.yaml:1:1: kind: it is no text'],
    ['no metadata', 'apiVersion: v1\nkind: Pod\n', 'a.yaml:1:1: metadata: it is missing'],
    [
      'only a generateName',
      'apiVersion: v1\nkind: Pod\nmetadata: {generateName: web-}\n',
      'a.yaml:1:1: metadata.name: it is missing',
    ],
    [
      'a name with a slash',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a/b}\n',
      'a.yaml:1:1: metadata.name: "a/b" must not be',
    ],
    [
      'a Service with dots in its name',
      SERVICE.replace('web', 'web.shop'),
      'a.yaml:1:1: metadata.name: "web.shop" a DNS-1035 label must',
    ],
    ['the same object twice', `${SERVICE}---\n${SERVICE}`, "Service 'web' is also in a.yaml:1:1"],
  ])('refuses %s', async (_, text, message) => {
    await expect(check(text)).rejects.toMatchObject({
      code: 'KN_USAGE',
      message: expect.stringContaining(message),
    })
  })

  test('holds objects to the namespace that was asked for', async () => {
    const text = `${SERVICE}  namespace: shop\n`
    await expect(check(text, 'shop')).resolves.toHaveLength(1)
    await expect(check(text, 'other')).rejects.toThrow(
      'metadata.namespace: "shop" is not that of --namespace "other"',
    )
  })
})

describe('readManifests', () => {
  let folder: string
  const read = (paths: string[], options: {recursive?: boolean; stdin?: string} = {}) =>
    readManifests({
      paths,
      recursive: options.recursive ?? false,
      readStandardInput: async () => options.stdin ?? '',
    })

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kntool-manifests-'))
    mkdirSync(join(folder, 'all', 'more'), {recursive: true})
    mkdirSync(join(folder, 'none'))
    writeFileSync(join(folder, 'all', 'b.yaml'), 'id: b\n')
    writeFileSync(join(folder, 'all', 'a.json'), '{"id": "a"}')
    writeFileSync(join(folder, 'all', 'notes.txt'), 'no manifest')
    writeFileSync(join(folder, 'all', 'more', 'c.yml'), 'id: c\n')
    writeFileSync(join(folder, 'empty.yaml'), '# nothing\n---\n')
  })

  afterAll(() => rmSync(folder, {recursive: true}))

  test('reads the manifests of a folder by name, and those below it if that is asked for', async () => {
    const values = (documents: {value: unknown}[]) =>
      documents.map(({value}) => (value as {id: string}).id)
    expect(values(await read([join(folder, 'all')]))).toEqual(['a', 'b'])
    expect(values(await read([join(folder, 'all')], {recursive: true}))).toEqual(['a', 'b', 'c'])
  })

  test('reads standard input', async () => {
    expect(await read(['-'], {stdin: 'n: a\n'})).toMatchObject([{file: 'standard input', line: 1}])
  })

  test.each([
    ['a file that is not there', 'gone.yaml', /gone.yaml: no such file or directory$/],
    ['a folder without manifests', 'none', /none: it has no file that ends in .yaml/],
    ['an empty file', 'empty.yaml', /empty.yaml: it has no document$/],
  ])('refuses %s', async (_, name, message) => {
    await expect(read([join(folder, name)])).rejects.toMatchObject({
      code: 'KN_USAGE',
      message: expect.stringMatching(message),
    })
  })

  test('refuses standard input that is closed', async () => {
    await expect(read(['-'])).rejects.toThrow('standard input: it has no document')
  })
})

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {chooseOutputPrinter, type PrintFlagValues} from '../../../src/ui/output-printer.ts'

const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {name: 'db', namespace: 'dev', managedFields: [{manager: 'kntool'}]},
  data: {user: 'YWRtaW4='},
  counts: [1, 2.5],
}
const LIST = {apiVersion: 'v1', kind: 'SecretList', items: [SECRET]}

const folder = mkdtempSync(join(tmpdir(), 'kntool-print-'))
const file = join(folder, 'template')
const jsonPathFile = join(folder, 'jsonpath')
writeFileSync(file, 'from a file: {{.metadata.name}}')
writeFileSync(jsonPathFile, 'from a file: {.metadata.name}')
afterAll(() => rmSync(folder, {recursive: true}))

async function printObject(flags: PrintFlagValues): Promise<string | undefined> {
  return (await chooseOutputPrinter(flags))?.object(SECRET)
}

describe('--output', () => {
  test.each<[PrintFlagValues, string]>([
    [{output: 'name'}, 'secret/db\n'],
    [{output: 'NAME'}, 'secret/db\n'],
    [{output: 'jsonpath={.metadata.name}'}, 'db'],
    [{output: 'jsonpath', template: '{.kind}'}, 'Secret'],
    [{output: 'jsonpath-as-json={..name}'}, '[\n    "db"\n]\n'],
    [{output: 'go-template={{.kind}}'}, 'Secret'],
    [{output: 'template={{.kind}}'}, 'Secret'],
    [{output: 'go-template', template: '{{.kind}}'}, 'Secret'],
    [{template: '{{.kind}}'}, 'Secret'],
    [{output: 'go-template={{.data.user | base64decode}}'}, 'admin'],
    [{output: 'go-template={{index .counts 1}}', template: ''}, '2.5'],
    [{output: 'go-template={{if exists . "items" 0 "kind"}}yes{{else}}no{{end}}'}, 'no'],
    [{output: 'go-template={{len .counts}} {{.counts}} {{.none}}'}, '2 [1 2.5] <no value>'],
  ])('%j prints an object', async (flags, expected) => {
    expect(await printObject(flags)).toBe(expected)
  })

  test.each([
    ['name', 'secret/db\n'],
    ['jsonpath={.items[*].metadata.name}{"\\n"}', 'db\n'],
    ['jsonpath-as-json={..name}', '[\n    "db"\n]\n'],
    ['go-template={{.kind}}', 'SecretList'],
    ['go-template={{if exists . "items" 0 "kind"}}yes{{else}}no{{end}}', 'yes'],
    ['go-template={{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}', 'db\n'],
  ])('%s prints a list', async (output, expected) => {
    expect((await chooseOutputPrinter({output}))?.list(LIST)).toBe(expected)
  })

  test('keeps managed fields out of documents unless asked', async () => {
    expect(await printObject({output: 'json'})).not.toContain('managedFields')
    const shown = {output: 'yaml', 'show-managed-fields': true}
    expect(await printObject(shown)).toContain('managedFields')
  })

  test.each(['jsonpath-file', 'go-template-file', 'templatefile'])(
    '%s reads a file',
    async (name) => {
      const path = name.startsWith('json') ? jsonPathFile : file
      const printer = await chooseOutputPrinter({output: `${name}=${path}`})
      expect(printer?.object(SECRET)).toBe('from a file: db')
    },
  )

  test('gives formats of a command back as they are', async () => {
    expect(await chooseOutputPrinter({output: 'URL'}, 'url')).toBe('url')
    expect(await chooseOutputPrinter({})).toBeUndefined()
  })
})

describe('a wrong --output fails before anything is asked', () => {
  test.each<[PrintFlagValues, string]>([
    [
      {output: 'wide'},
      'unable to match a printer suitable for the output format "wide", allowed formats are: ' +
        'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml',
    ],
    [{output: 'jsonpath'}, 'template format specified but no template given'],
    [{output: 'go-template='}, 'template format specified but no template given'],
    [{output: 'jsonpath={.a'}, 'error parsing jsonpath {.a, unclosed action'],
    [
      {output: 'go-template={{.a'},
      'error parsing template {{.a, template: output:1: unclosed action',
    ],
    [
      {output: 'jsonpath-file=/none'},
      'error reading --template /none, open /none: no such file or directory',
    ],
  ])('%j', async (flags, message) => {
    await expect(chooseOutputPrinter(flags)).rejects.toMatchObject({code: 'KN_USAGE', message})
  })
})

describe('a template that the object does not fit', () => {
  const strict = {'allow-missing-template-keys': false}
  test.each<[PrintFlagValues, string]>([
    [
      {output: 'jsonpath={.none}', ...strict},
      'error executing jsonpath "{.none}": none is not found',
    ],
    [
      {output: 'go-template={{.none}}', ...strict},
      'error executing template "{{.none}}": template: output:1:2: executing "output" at <.none>: ' +
        'map has no entry for key "none"',
    ],
    [
      {output: 'go-template={{index .counts 7}}'},
      'error executing template "{{index .counts 7}}": template: output:1:2: executing "output" at ' +
        '<index .counts 7>: error calling index: index out of range: 7',
    ],
  ])('%j', async (flags, message) => {
    await expect(printObject(flags)).rejects.toMatchObject({code: 'KN_FAILED', message})
  })
})

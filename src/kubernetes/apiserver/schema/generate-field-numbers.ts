/**
 * Development only: writes `builtin-field-numbers.json`, the numbers of the fields of the built-in
 * types in Kubernetes' protobuf encoding, from the descriptors that every kubectl carries:
 *
 *   node_modules/.bin/node src/kubernetes/apiserver/schema/generate-field-numbers.ts $(command -v kubectl)
 *
 * Names and numbers only; what the fields are is in `builtin-types.json`.
 */
import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {constants, createGunzip} from 'node:zlib'
import types from './builtin-types.json' with {type: 'json'}
import {readFields} from '../http/protobuf-wire.ts'

const GZIP = Buffer.from([0x1f, 0x8b, 0x08])
const LONGEST = 1_000_000
/** Groups whose packages are called otherwise. */
const PACKAGES: Readonly<Record<string, string>> = {
  'k8s.io.apimachinery.pkg.apis.meta.v1': 'meta.v1',
}

function gunzip(bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve) => {
    const stream = createGunzip({finishFlush: constants.Z_SYNC_FLUSH})
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => resolve(Buffer.concat(chunks)))
    // What follows the compressed descriptor is no gzip any more.
    stream.on('error', () => resolve(Buffer.concat(chunks)))
    stream.end(bytes)
  })
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : ''
}

function groupOf(packageName: string): string | undefined {
  const own = /^k8s\.io\.api\.([a-z]+)\.(v\d+)$/.exec(packageName)
  return own === null ? PACKAGES[packageName] : `${own[1]}.${own[2]}`
}

const known: Readonly<Record<string, Readonly<Record<string, string>>>> = types
const numbers: Record<string, Record<string, string>> = {}

function addMessage(group: string, message: Uint8Array): void {
  const fields: Record<string, string> = {}
  let name = ''
  for (const {number, value} of readFields(message)) {
    if (number === 1) name = textOf(value)
    if (number === 2 && value instanceof Uint8Array) addField(fields, value)
  }
  numbers[`${group}.${name}`] = fields
}

function addField(fields: Record<string, string>, field: Uint8Array): void {
  let name = ''
  let number = 0
  let typeName = ''
  for (const part of readFields(field)) {
    if (part.number === 1) name = textOf(part.value)
    if (part.number === 3) number = Number(part.value)
    if (part.number === 6) typeName = textOf(part.value).slice(1)
  }
  const cut = typeName.lastIndexOf('.')
  const group = groupOf(typeName.slice(0, cut))
  fields[number] = group === undefined ? name : `${name}:${group}${typeName.slice(cut)}`
}

const binary = readFileSync(process.argv[2] ?? '/usr/bin/kubectl')
for (let at = binary.indexOf(GZIP); at >= 0; at = binary.indexOf(GZIP, at + 1)) {
  const descriptor = await gunzip(binary.subarray(at, at + LONGEST))
  const isDescriptor = descriptor[0] === 0x0a && descriptor.includes('generated.proto')
  if (!isDescriptor) continue
  const parts = readFields(descriptor)
  const group = groupOf(textOf(parts.find(({number}) => number === 2)?.value))
  if (group === undefined) continue
  for (const {number, value} of parts) {
    if (number === 4 && value instanceof Uint8Array) addMessage(group, value)
  }
}

/**
 * A field that JSON does not know is a struct whose fields stand in its place: `>core.v1.VolumeSource`.
 * Messages that nothing reaches are left out.
 */
const result: Record<string, Record<string, string>> = {}
function keep(id: string, outer: string): void {
  const fields = numbers[id]
  if (fields === undefined || result[id] !== undefined) return
  const kept: Record<string, string> = {}
  result[id] = kept
  for (const [number, text] of Object.entries(fields)) {
    const [name = '', type] = text.split(':')
    // Protobuf writes some names in another case: `aPIGroup`, `Webhooks`.
    const jsonNames = Object.keys(known[outer] ?? {})
    const jsonName = jsonNames.find((own) => own.toLowerCase() === name.toLowerCase())
    if (jsonName !== undefined) kept[number] = jsonName
    else if (type !== undefined) {
      kept[number] = `>${type}`
      keep(type, outer)
    }
  }
}
for (const id of Object.keys(known)) keep(id, id)

const sorted = Object.fromEntries(Object.entries(result).toSorted(([a], [b]) => (a < b ? -1 : 1)))
const file = fileURLToPath(new URL('builtin-field-numbers.json', import.meta.url))
writeFileSync(file, `${JSON.stringify(sorted, undefined, 2)}\n`)

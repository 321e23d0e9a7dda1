import type {Status} from '../../../api/meta/object.ts'

/** The media type of Kubernetes protobuf. */
export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf'

const VARINT = 0
const BYTES = 2

/**
 * A Status as Kubernetes protobuf: the magic `k8s\0`, then a `runtime.Unknown` with the message.
 *
 * It is the only thing we say in protobuf: a client that accepts nothing else must be able to read
 * that it will not get it.
 */
export function encodeStatus(status: Status): Uint8Array {
  const raw = Buffer.concat([
    // metadata, status, message, reason, details (left out), code
    field(1, LIST_META),
    field(2, Buffer.from(status.status)),
    field(3, Buffer.from(status.message ?? '')),
    field(4, Buffer.from(status.reason ?? '')),
    tag(6, VARINT),
    varint(status.code ?? 0),
  ])
  const type = Buffer.concat([field(1, Buffer.from('v1')), field(2, Buffer.from('Status'))])
  const empty = Buffer.alloc(0)
  return Buffer.concat([
    Buffer.from('k8s\0'),
    field(1, type),
    field(2, raw),
    field(3, empty),
    field(4, empty),
  ])
}

/** selfLink, resourceVersion and continue, all empty. */
const LIST_META = Buffer.from([0x0a, 0, 0x12, 0, 0x1a, 0])

function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([tag(number, BYTES), varint(content.length), content])
}

function tag(number: number, wireType: number): Buffer {
  return varint((number << 3) | wireType)
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest & 127) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

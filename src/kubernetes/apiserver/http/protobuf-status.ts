import type {Status} from '../../../api/meta/object.ts'
import {bytesField, varintField} from './protobuf-wire.ts'

/** The media type of Kubernetes protobuf. */
export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf'

/**
 * A Status as Kubernetes protobuf: the magic `k8s\0`, then a `runtime.Unknown` with the message.
 *
 * It is the only object we say in protobuf: a client that accepts nothing else must be able to read
 * that it will not get it.
 */
export function encodeStatus(status: Status): Uint8Array {
  const raw = Buffer.concat([
    // metadata, status, message, reason, details (left out), code
    bytesField(1, LIST_META),
    bytesField(2, Buffer.from(status.status)),
    bytesField(3, Buffer.from(status.message ?? '')),
    bytesField(4, Buffer.from(status.reason ?? '')),
    varintField(6, status.code ?? 0),
  ])
  const type = Buffer.concat([
    bytesField(1, Buffer.from('v1')),
    bytesField(2, Buffer.from('Status')),
  ])
  const empty = Buffer.alloc(0)
  return Buffer.concat([
    Buffer.from('k8s\0'),
    bytesField(1, type),
    bytesField(2, raw),
    bytesField(3, empty),
    bytesField(4, empty),
  ])
}

/** selfLink, resourceVersion and continue, all empty. */
const LIST_META = Buffer.from([0x0a, 0, 0x12, 0, 0x1a, 0])

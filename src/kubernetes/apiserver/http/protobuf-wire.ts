/** One field of a protobuf message: a number, or bytes. */
export interface WireField {
  readonly number: number
  /** A varint as bigint (unsigned 64 bits), a fixed64 as 8 bytes, or what was length-delimited. */
  readonly value: bigint | Uint8Array
}

/** The fields of a protobuf message in their order. Throws an Error for what is no message. */
export function readFields(message: Uint8Array): WireField[] {
  const fields: WireField[] = []
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++]
      if (byte === undefined) throw new Error('unexpected EOF')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw new Error('integer overflow')
  }
  const bytes = (length: number): Uint8Array => {
    if (at + length > message.length) throw new Error('unexpected EOF')
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const tag = Number(varint())
    const number = tag >>> 3
    if (number === 0) throw new Error('illegal tag 0')
    switch (tag & 7) {
      case 0:
        fields.push({number, value: varint()})
        break
      case 1:
        fields.push({number, value: bytes(8)})
        break
      case 2:
        fields.push({number, value: bytes(Number(varint()))})
        break
      case 5:
        fields.push({number, value: bytes(4)})
        break
      default:
        throw new Error(`illegal wireType ${tag & 7}`)
    }
  }
  return fields
}

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2

/** A field that holds bytes: text, or a message of its own. */
export function bytesField(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([tag(number, LENGTH_DELIMITED), varint(content.length), content])
}

/** A field that holds a number of at least 0 without a fraction. */
export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([tag(number, VARINT), varint(value)])
}

/** A field that holds a double. */
export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return Buffer.concat([tag(number, FIXED64), bytes])
}

function tag(number: number, wireType: number): Buffer {
  return varint((number << 3) | wireType)
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

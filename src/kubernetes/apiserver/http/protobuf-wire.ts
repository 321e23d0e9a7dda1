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

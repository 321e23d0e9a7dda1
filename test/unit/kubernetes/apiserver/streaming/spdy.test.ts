import {once} from 'node:events'
import {type Duplex, duplexPair} from 'node:stream'
import {constants, createDeflate, createInflate} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import {
  SPDY_DICTIONARY,
  SPDY_DICTIONARY_ID,
} from '../../../../../src/kubernetes/apiserver/streaming/spdy/dictionary.ts'
import {
  dataHead,
  FLAG_FIN,
  FrameReader,
  ping,
  type SpdyFrame,
} from '../../../../../src/kubernetes/apiserver/streaming/spdy/frames.ts'
import {
  HeaderBlockReader,
  HeaderBlockWriter,
} from '../../../../../src/kubernetes/apiserver/streaming/spdy/header-block.ts'
import {
  SpdySession,
  type SpdyStream,
} from '../../../../../src/kubernetes/apiserver/streaming/spdy/session.ts'

describe('the dictionary of SPDY/3', () => {
  test('has the checksum by which every implementation knows it', () => {
    let [a, b] = [1, 0]
    for (const byte of SPDY_DICTIONARY) {
      a = (a + byte) % 65_521
      b = (b + a) % 65_521
    }
    expect(((b << 16) | a) >>> 0).toBe(SPDY_DICTIONARY_ID)
  })
})

describe('header blocks', () => {
  test('are read from one zlib stream that refers back to earlier blocks', async () => {
    const client = new ClientHeaders()
    const reader = new HeaderBlockReader()
    for (const port of ['8080', '8081', '8080']) {
      const headers = {streamtype: 'data', port, requestid: '0'}
      expect(reader.read(await client.compress(headers))).toEqual(headers)
    }
  })

  test('are written so that one zlib stream reads them', async () => {
    const writer = new HeaderBlockWriter()
    const inflate = createInflate({dictionary: SPDY_DICTIONARY})
    const chunks: Buffer[] = []
    inflate.on('data', (chunk: Buffer) => chunks.push(chunk))
    inflate.write(writer.write({streamtype: 'error'}))
    inflate.write(writer.write({}))
    await expect.poll(() => Buffer.concat(chunks).length).toBe(4 + 4 + 10 + 4 + 5 + 4)
    expect(Buffer.concat(chunks).toString('latin1')).toContain('streamtype\0\0\0\u0005error')
  })

  test('that grow beyond all measure are refused', async () => {
    const block = await new ClientHeaders().compress({bomb: 'x'.repeat(1_000_000)})
    expect(() => new HeaderBlockReader().read(block)).toThrow(RangeError)
  })
})

describe('frames', () => {
  const bytes = Buffer.concat([ping(1), dataHead(3, 2, FLAG_FIN), Buffer.from('hi'), ping(5)])
  const expected: SpdyFrame[] = [
    {type: 'ping', id: 1},
    {type: 'data', id: 3, fin: true, data: Buffer.from('hi')},
    {type: 'ping', id: 5},
  ]

  test.each([1, 3, 7, 9, 100])('arrive whole in pieces of %i bytes', (size) => {
    const reader = new FrameReader()
    const frames: SpdyFrame[] = []
    for (let at = 0; at < bytes.length; at += size) {
      frames.push(...reader.read(bytes.subarray(at, at + size)))
    }
    expect(frames).toEqual(expected)
  })

  test('of another protocol are refused', () => {
    expect(() => new FrameReader().read(Buffer.from('\x80\x02\0\x01\0\0\0\0', 'latin1'))).toThrow(
      'SPDY version 2',
    )
    expect(() => new FrameReader().read(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow(RangeError)
  })
})

describe('a session', () => {
  test('accepts streams, carries both directions and ends each by itself', async () => {
    const {client, streams} = connect()
    const headers = new ClientHeaders()
    client.write(synStream(1, await headers.compress({streamType: 'stdin'})))
    client.write(Buffer.concat([dataHead(1, 5, FLAG_FIN), Buffer.from('hello')]))
    const stream = await streams.next()
    expect(stream.headers).toEqual({streamtype: 'stdin'})
    const received: Buffer[] = []
    for await (const chunk of stream) received.push(chunk as Buffer)
    expect(Buffer.concat(received).toString()).toBe('hello')

    stream.end('bye')
    const frames = await client.until((all) =>
      all.some((frame) => frame.type === 'data' && frame.fin),
    )
    expect(frames.filter(({type}) => type === 'data')).toEqual([
      {type: 'data', id: 1, fin: false, data: Buffer.from('bye')},
      {type: 'data', id: 1, fin: true, data: Buffer.alloc(0)},
    ])
  })

  test('answers pings', async () => {
    const {client} = connect()
    client.write(ping(7))
    expect(await client.until((frames) => frames.length > 0)).toEqual([{type: 'ping', id: 7}])
  })

  test('takes its streams along when the connection goes', async () => {
    const {client, streams} = connect()
    client.write(synStream(1, await new ClientHeaders().compress({streamtype: 'data'})))
    const stream = await streams.next()
    const closed = once(stream, 'close')
    client.destroy()
    await closed
    expect(stream.destroyed).toBe(true)
  })

  test('is over at the first damaged frame', async () => {
    const {client, session} = connect()
    client.write(Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'))
    await session.closed
    expect(client.destroyed || client.readableEnded).toBe(true)
  })

  test('reads nothing while a stream is full, and goes on when it is taken', async () => {
    const {client, streams} = connect()
    client.write(synStream(1, await new ClientHeaders().compress({streamtype: 'data'})))
    const stream = await streams.next()
    const chunk = Buffer.alloc(60_000)
    for (let count = 0; count < 50; count += 1) {
      client.write(Buffer.concat([dataHead(1, chunk.length), chunk]))
    }
    await expect.poll(() => client.writableNeedDrain).toBe(true)
    expect(stream.readableLength).toBeLessThan(1_000_000)
    let size = 0
    for await (const piece of stream) {
      size += (piece as Buffer).length
      if (size === 50 * chunk.length) break
    }
    expect(size).toBe(50 * chunk.length)
  })
})

/** The client's side of the compression, with the memory that real clients have. */
class ClientHeaders {
  readonly #deflate = createDeflate({dictionary: SPDY_DICTIONARY})

  async compress(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const parts = [uint32(Object.keys(headers).length)]
    for (const text of Object.entries(headers).flat()) {
      parts.push(uint32(text.length), Buffer.from(text))
    }
    const chunks: Buffer[] = []
    const collect = (chunk: Buffer): void => void chunks.push(chunk)
    this.#deflate.on('data', collect)
    this.#deflate.write(Buffer.concat(parts))
    await new Promise<void>((resolve) => this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve))
    this.#deflate.off('data', collect)
    return Buffer.concat(chunks)
  }
}

function synStream(id: number, block: Buffer): Buffer {
  const head = Buffer.from([0x80, 3, 0, 1])
  return Buffer.concat([
    head,
    uint32(10 + block.length),
    uint32(id),
    uint32(0),
    Buffer.alloc(2),
    block,
  ])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

interface Client extends Duplex {
  /** All frames so far, as soon as they satisfy `done`. */
  until(done: (frames: SpdyFrame[]) => boolean): Promise<SpdyFrame[]>
}

function connect(): {
  client: Client
  session: SpdySession
  streams: {next(): Promise<SpdyStream>}
} {
  const [ours, theirs] = duplexPair()
  const opened: SpdyStream[] = []
  const session = new SpdySession(ours, (stream) => opened.push(stream))
  const frames: SpdyFrame[] = []
  const reader = new FrameReader()
  theirs.on('data', (chunk: Buffer) => frames.push(...reader.read(chunk)))
  const client = Object.assign(theirs, {
    async until(done: (all: SpdyFrame[]) => boolean) {
      await expect.poll(() => done(frames)).toBe(true)
      return frames
    },
  })
  return {
    client,
    session,
    streams: {
      async next() {
        await expect.poll(() => opened.length).toBeGreaterThan(0)
        const [stream] = opened.splice(0, 1)
        if (stream === undefined) throw new Error('no stream')
        return stream
      },
    },
  }
}

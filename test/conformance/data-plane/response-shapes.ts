/** What applications answer, valid or not, byte for byte, and what a client may see of it. */

/** What is drawn for one exchange. */
export interface Drawn {
  /** Names the exchange in every message. */
  readonly id: string
  /** The content of the response, one character per byte. */
  readonly content: string
  /** From 0 up to 1: where something is cut. */
  readonly cutAt: number
}

/** What a client may see. Of a failure it must see that it is one. */
export type Outcome =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly content: string
      readonly trailers?: Readonly<Record<string, string>>
      readonly fields?: Readonly<Record<string, string>>
    }
  | {readonly kind: 'failure'}
  /** The whole answer or a failure: the network decides. */
  | {readonly kind: 'either'; readonly status: number; readonly content: string}

/** An answer as an application of HTTP/1 sends it. */
export interface Scripted {
  readonly bytes: string
  readonly outcome: Outcome
  /** The same for clients of HTTP/2, where it differs. */
  readonly onHttp2?: Outcome
  /** Whether it is sent as soon as the head of the request is there. */
  readonly isEarly?: boolean
  /** Sent at once: what comes later than the next request cannot be told from its response. */
  readonly isOneWrite?: boolean
  /** What happens to the connection afterwards. Kept, unless said. */
  readonly end?: 'close' | 'reset'
}

type Shape = (drawn: Drawn) => Scripted

const FAILURE: Outcome = {kind: 'failure'}

function head(status: string, {id}: Drawn, ...lines: string[]): string {
  return `HTTP/1.1 ${status}\r\nx-id: ${id}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`
}

function whole(drawn: Drawn, ...lines: string[]): string {
  const length = `content-length: ${drawn.content.length}`
  return `${head('200 OK', drawn, length, ...lines)}${drawn.content}`
}

function answer({content}: Drawn, status = 200): Outcome {
  return {kind: 'answer', status, content}
}

function chunks({content}: Drawn, trailers = ''): string {
  const half = Math.ceil(content.length / 2)
  const parts = [content.slice(0, half), content.slice(half)].filter((part) => part !== '')
  const text = parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')
  return `${text}0\r\n${trailers}\r\n`
}

/** Before a valid answer. */
const after =
  (before: string): Shape =>
  (drawn) => ({bytes: `${before}${whole(drawn)}`, outcome: answer(drawn)})

/** A valid answer with more fields. */
const withFields =
  (...lines: string[]): Shape =>
  (drawn) => ({bytes: whole(drawn, ...lines), outcome: answer(drawn)})

/** A head that is refused. */
const refused =
  (...lines: string[]): Shape =>
  (drawn) => ({bytes: whole(drawn, ...lines), outcome: FAILURE})

const refusedStatus =
  (status: string): Shape =>
  (drawn) => ({bytes: `${head(status, drawn, 'content-length: 2')}ok`, outcome: FAILURE})

const brokenChunks =
  (text: string): Shape =>
  (drawn) => ({
    bytes: `${head('200 OK', drawn, 'transfer-encoding: chunked')}${text}`,
    outcome: FAILURE,
    end: 'close',
  })

/** All of them, by what they are. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'a length': (drawn) => ({bytes: whole(drawn), outcome: answer(drawn)}),
  chunks: (drawn) => ({
    bytes: `${head('200 OK', drawn, 'transfer-encoding: chunked')}${chunks(drawn)}`,
    outcome: answer(drawn),
  }),
  'chunks and trailers': (drawn) => ({
    bytes: `${head('200 OK', drawn, 'transfer-encoding: chunked', 'trailer: x-sum')}${chunks(drawn, 'x-sum: 7\r\n')}`,
    outcome: {kind: 'answer', status: 200, content: drawn.content, trailers: {'x-sum': '7'}},
  }),
  'the end of the connection': (drawn) => ({
    bytes: `${head('200 OK', drawn)}${drawn.content}`,
    outcome: answer(drawn),
    end: 'close',
  }),
  'HTTP/1.0': (drawn) => ({
    bytes: `${head('200 OK', drawn).replace('HTTP/1.1', 'HTTP/1.0')}${drawn.content}`,
    outcome: answer(drawn),
    end: 'close',
  }),
  'close, as announced': (drawn) => ({
    bytes: whole(drawn, 'connection: close'),
    outcome: answer(drawn),
    end: 'close',
  }),
  'no reason phrase': (drawn) => ({
    bytes: whole(drawn).replace('200 OK', '200'),
    outcome: answer(drawn),
  }),
  '204': (drawn) => ({
    bytes: head('204 x', drawn),
    outcome: {kind: 'answer', status: 204, content: ''},
  }),
  '204 with a length and content': (drawn) => ({
    bytes: `${head('204 x', drawn, 'content-length: 4')}body`,
    outcome: {kind: 'answer', status: 204, content: ''},
  }),
  '304 with a length': (drawn) => ({
    bytes: head('304 x', drawn, 'content-length: 99'),
    outcome: {kind: 'answer', status: 304, content: ''},
  }),
  'trailer beside a length': withFields('trailer: x-sum'),
  'hop-by-hop fields': withFields(
    'keep-alive: timeout=60',
    'connection: keep-alive, x-hop',
    'x-hop: 1',
    'upgrade: h2c',
    'te: x',
  ),
  'http2-settings': withFields('http2-settings: x'),
  'names of JavaScript': withFields(
    '__proto__: x',
    'constructor: y',
    'toString: z',
    'hasOwnProperty: w',
  ),
  'fields twice that HTTP/2 has once': withFields(
    'etag: a',
    'etag: b',
    'content-type: a/b',
    'content-type: c/d',
    'location: /x',
    'location: /y',
  ),
  'bytes beyond ASCII': (drawn) => ({
    bytes: whole(drawn, 'x-bytes: caf\u00e9 \u00fc\u00ff\u0080'),
    outcome: {
      kind: 'answer',
      status: 200,
      content: drawn.content,
      fields: {'x-bytes': 'caf\u00e9 \u00fc\u00ff\u0080'},
    },
  }),
  'a head of 30 KiB': withFields(`x-large: ${'y'.repeat(30_000)}`),
  'a head of 70 KiB': refused(`x-large: ${'y'.repeat(70_000)}`),
  'an unsolicited 100': after('HTTP/1.1 100 Continue\r\n\r\n'),
  'an odd 103': after('HTTP/1.1 103 Early Hints\r\nlink: garbage\r\n__proto__: x\r\n\r\n'),
  'a 103 with control bytes': after('HTTP/1.1 103 x\r\nlink: a\0b\r\n\r\n'),
  'several early heads': after(
    'HTTP/1.1 102 x\r\n\r\nHTTP/1.1 103 x\r\nlink: </a>; rel=preload\r\n\r\nHTTP/1.1 199 x\r\n\r\n',
  ),
  'status 000': refusedStatus('000 x'),
  'status 099': refusedStatus('099 x'),
  'status 999': (drawn) => ({
    bytes: `${head('999 x', drawn, `content-length: ${drawn.content.length}`)}${drawn.content}`,
    outcome: answer(drawn, 999),
    onHttp2: FAILURE,
  }),
  'status 1000': refusedStatus('1000 x'),
  'a 101 nobody asked for': (drawn) => ({
    bytes: head('101 x', drawn),
    outcome: FAILURE,
    end: 'close',
  }),
  'two lengths': refused('content-length: 99999'),
  'the same length twice': (drawn) => ({
    bytes: whole(drawn, `content-length: ${drawn.content.length}`),
    outcome: answer(drawn),
  }),
  'a length and chunks': (drawn) => ({
    bytes: `${head('200 OK', drawn, 'content-length: 3', 'transfer-encoding: chunked')}${chunks(drawn)}`,
    outcome: answer(drawn),
  }),
  'another coding': refused('transfer-encoding: gzip, chunked'),
  'a NUL in a value': refused('x: a\0b'),
  'a CR in a value': refused('x: a\rset-cookie: b'),
  'an LF in a value': refused('x: a\nset-cookie: b'),
  'a folded line': refused('x: a\r\n b'),
  'an empty name': refused(': a'),
  'a space before the colon': refused('x : a'),
  'no response': () => ({bytes: 'garbage\r\n\r\n', outcome: FAILURE, end: 'close'}),
  'nothing at all': () => ({bytes: '', outcome: FAILURE, end: 'close'}),
  'a reset': () => ({bytes: '', outcome: FAILURE, end: 'reset'}),
  'more than its length': (drawn) => ({
    bytes: `${whole(drawn)}HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nevil!`,
    outcome: answer(drawn),
    isOneWrite: true,
  }),
  'a chunk longer than its size': brokenChunks('2\r\nhello\r\n0\r\n\r\n'),
  'a size that overflows': brokenChunks('fffffffffffffffff\r\nx'),
  'an endless extension': brokenChunks(`1;${'x'.repeat(5000)}\r\nx\r\n0\r\n\r\n`),
  'a valid one, cut': (drawn) => {
    const text = whole({...drawn, content: `${drawn.content}.`})
    const cut = Math.floor(drawn.cutAt * text.length)
    return {bytes: text.slice(0, cut), outcome: FAILURE, end: drawn.cutAt > 0.5 ? 'reset' : 'close'}
  },
  'chunks, cut': (drawn) => {
    const text = `${head('200 OK', drawn, 'transfer-encoding: chunked')}${chunks(drawn, 'x-sum: 7\r\n')}`
    const cut = Math.floor(drawn.cutAt * text.length)
    return {bytes: text.slice(0, cut), outcome: FAILURE, end: drawn.cutAt > 0.5 ? 'reset' : 'close'}
  },
  'an early refusal': (drawn) => ({
    bytes: `${head('413 x', drawn, `content-length: ${drawn.content.length}`)}${drawn.content}`,
    outcome: answer(drawn, 413),
    isEarly: true,
  }),
  'an early refusal and the end': (drawn) => ({
    bytes: `${head('413 x', drawn, 'connection: close', `content-length: ${drawn.content.length}`)}${drawn.content}`,
    outcome: {kind: 'either', status: 413, content: drawn.content},
    isEarly: true,
    end: 'close',
  }),
  'the end while the body comes': () => ({
    bytes: '',
    outcome: FAILURE,
    isEarly: true,
    end: 'close',
  }),
}

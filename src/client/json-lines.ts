import {KntoolError} from '../errors/kntool-error.ts'

/**
 * JSON documents of a stream, one per line, as soon as each line is complete.
 *
 * A last line without an end that is not complete JSON is dropped: the stream broke inside it. Throws
 * `KN_UNREACHABLE` for any other line that is no JSON.
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<unknown, void> {
  const decoder = new TextDecoder()
  // Pieces of a line are kept apart until its end is there: joining each time is quadratic.
  let pieces: string[] = []
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, {stream: true}).split('\n')
    const last = lines.pop() ?? ''
    for (const line of lines) {
      const text = pieces.length === 0 ? line : pieces.join('') + line
      pieces = []
      if (text.trim() !== '') yield parseLine(text)
    }
    if (last !== '') pieces.push(last)
  }
  const rest = pieces.join('').trim()
  if (rest === '') return
  try {
    yield JSON.parse(rest)
  } catch {
    return
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new KntoolError('KN_UNREACHABLE', 'The server sent an event that is not JSON.', {
      hint: 'Check that the address in the kubeconfig is a Kubernetes API server.',
      cause,
    })
  }
}

/**
 * JSON documents of a stream, one per line, as soon as each line is complete.
 *
 * A last line without an end that is not complete JSON is dropped: the stream broke inside it.
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
      if (text.trim() !== '') yield JSON.parse(text)
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

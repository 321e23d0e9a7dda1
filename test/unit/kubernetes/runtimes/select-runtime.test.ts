import {describe, expect, test} from 'vitest'
import {ComponentRuntime} from '../../../../src/kubernetes/runtimes/component/component-runtime.ts'
import {HandlerRuntime} from '../../../../src/kubernetes/runtimes/handler/handler-runtime.ts'
import {parseImagesFile} from '../../../../src/kubernetes/runtimes/process/images-file.ts'
import {ProcessRuntime} from '../../../../src/kubernetes/runtimes/process/process-runtime.ts'
import {selectRuntime} from '../../../../src/kubernetes/runtimes/select-runtime.ts'
import {SystemClock} from '../../../../src/util/clock.ts'

const handler = new HandlerRuntime({'example.com/app*': () => new Response('ok')})
const files = [
  parseImagesFile('/srv/images.yaml', 'images: [{match: "example.com/*", command: a}]'),
]
const processes = new ProcessRuntime({files, clock: new SystemClock()})

describe('the runtime of an image', () => {
  test('is the first that knows it', () => {
    expect(selectRuntime([handler, processes], 'example.com/app:v1')).toBe(handler)
    expect(selectRuntime([processes, handler], 'example.com/app:v1')).toBe(processes)
    expect(selectRuntime([handler, processes], 'example.com/other')).toBe(processes)
  })

  test('that nobody knows is refused with what was looked at and what to do', () => {
    expect(() => selectRuntime([handler, processes], 'ghcr.io/acme/app:v1')).toThrow(
      expect.objectContaining({
        reason: 'ErrImagePull',
        message:
          'no runtime can run "ghcr.io/acme/app:v1" (handler: no handler has that name ' +
          '(there are: example.com/app*); ' +
          'process: no pattern in /srv/images.yaml means it). To run it here, add an entry with ' +
          '"match: ghcr.io/acme/app:v1" and a "command" to an images file and start with ' +
          '--images FILE',
      }),
    )
  })

  test('names no runtime of which nobody would have expected anything', () => {
    const silent = [new ComponentRuntime([]), new HandlerRuntime({}), processes]
    expect(() => selectRuntime(silent, 'ghcr.io/acme/app:v1')).toThrow(
      'no runtime can run "ghcr.io/acme/app:v1" (process: no pattern in /srv/images.yaml means it). ',
    )
  })

  test('is not looked for when the name is none', () => {
    expect(() => selectRuntime([handler], 'Not An Image')).toThrow(
      expect.objectContaining({
        reason: 'InvalidImageName',
        message:
          'Failed to apply default image tag "Not An Image": couldn\'t parse image name ' +
          '"Not An Image": invalid reference format',
      }),
    )
  })
})

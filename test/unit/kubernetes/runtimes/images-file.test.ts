import {describe, expect, test} from 'vitest'
import {KntoolError} from '../../../../src/errors/kntool-error.ts'
import {
  findMapping,
  parseImagesFile,
  readImagesFile,
} from '../../../../src/kubernetes/runtimes/process/images-file.ts'
import {
  makeCommandLine,
  makeEnvironment,
} from '../../../../src/kubernetes/runtimes/process/process-runtime.ts'

const PATH = '/srv/apps/images.yaml'

describe('an images file', () => {
  test('maps patterns to commands, with directories relative to itself', () => {
    const {images} = parseImagesFile(
      PATH,
      `images:
        - match: ghcr.io/acme/*
          command: [python3, -m, http.server, $(PORT)]
          args: [--bind, 127.0.0.1]
          workingDir: web
          env: {RETRIES: 3, DEBUG: true, NAME: acme}
        - {match: plain, command: ./serve}`,
    )
    expect(images).toEqual([
      {
        match: 'ghcr.io/acme/*',
        command: ['python3', '-m', 'http.server', '$(PORT)'],
        args: ['--bind', '127.0.0.1'],
        workingDir: '/srv/apps/web',
        env: {RETRIES: '3', DEBUG: 'true', NAME: 'acme'},
      },
      {match: 'plain', command: ['./serve'], args: [], workingDir: '/srv/apps', env: {}},
    ])
  })

  test('may be empty', () => {
    expect(parseImagesFile(PATH, '').images).toEqual([])
    expect(parseImagesFile(PATH, 'images:\n').images).toEqual([])
  })

  test.each([
    ['images: 3', 'images', 1, 'must be a list'],
    ['- a', '', 1, 'must be a map with the field "images"'],
    ['images:\n  - match: a', 'images[0].command', 2, 'is required'],
    ['images:\n  - command: a', 'images[0].match', 2, 'is required'],
    ['images:\n  - match: ""\n    command: a', 'images[0].match', 2, 'must not be empty'],
    ['images:\n  - match: a\n    command: {}', 'images[0].command', 3, 'must be a text'],
    ['images:\n  - match: a\n    command: [a, [b]]', 'images[0].command[1]', 3, 'must be a text'],
    ['images:\n  - match: a\n    command: a\n    env: [A]', 'images[0].env', 4, 'must be a map'],
    ['images:\n  - match: a\n    comand: a', 'images[0].comand', 3, 'is no field'],
    ['image: []', 'image', 1, 'is no field'],
    ['images: [', '', 1, ''],
  ])('is refused with the field and the line: %j', (text, field, line, problem) => {
    const error = catchError(() => parseImagesFile(PATH, text))
    expect(error.code).toBe('KN_CONFIG_INVALID')
    expect(error.details).toEqual({path: PATH, field, line})
    expect(error.message).toContain(`${PATH}:${line}`)
    expect(error.message).toContain(problem)
  })

  test('that is not there is named', async () => {
    await expect(readImagesFile('/nowhere/images.yaml')).rejects.toMatchObject({
      code: 'KN_NOT_FOUND',
      message: 'The images file "/nowhere/images.yaml" cannot be read.',
    })
  })
})

describe('the command for an image', () => {
  const file = parseImagesFile(
    PATH,
    `images:
      - {match: first*, command: [one, --port=$(PORT)], args: [fixed, $(PORT)], env: {A: file, B: file}}
      - {match: '*', command: two}`,
  )
  const first = findMapping([file], 'first:v1')?.mapping

  test('is that of the first pattern that means it', () => {
    expect(first?.command[0]).toBe('one')
    expect(findMapping([file], 'second:v1')?.mapping.command).toEqual(['two'])
    expect(findMapping([], 'first')).toBeUndefined()
  })

  test.each([
    [{}, ['one', '--port=4711', 'fixed', '4711']],
    [{args: ['x']}, ['one', '--port=4711', 'x']],
    [{command: ['mine']}, ['mine']],
    [{command: ['mine'], args: ['y']}, ['mine', 'y']],
  ])('combines with what the container says: %j', (request, expected) => {
    if (first === undefined) throw new Error('no mapping')
    expect(makeCommandLine(first, request, {PORT: '4711'})).toEqual(expected)
  })

  test('gets the environment of the pod on top of the file, and its own port', () => {
    if (first === undefined) throw new Error('no mapping')
    const env = makeEnvironment(first, {B: 'pod', PORT: '8080', K_SERVICE: 'hello'}, 4711)
    expect(env).toEqual({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      A: 'file',
      B: 'pod',
      PORT: '4711',
      K_SERVICE: 'hello',
    })
  })
})

function catchError(run: () => unknown): KntoolError {
  try {
    run()
  } catch (error) {
    if (error instanceof KntoolError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

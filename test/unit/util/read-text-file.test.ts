import {execFileSync, spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {readTextFile} from '../../../src/util/read-text-file.ts'

describe('readTextFile', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kntool-files-'))
    writeFileSync(join(folder, 'file'), 'ä\n')
    mkdirSync(join(folder, 'folder'))
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')])
    writeFileSync(join(folder, 'large'), '')
    truncateSync(join(folder, 'large'), 65 * 1024 * 1024)
  })

  afterAll(() => rmSync(folder, {recursive: true}))

  test('reads a file', async () => {
    expect(await readTextFile(join(folder, 'file'))).toBe('ä\n')
  })

  test.each([
    ['folder', 'it is a folder, not a file'],
    ['pipe', 'it is a named pipe, not a file'],
    ['large', 'it has 65 MiB; files of up to 64 are read'],
  ])('refuses a %s at once', async (name, message) => {
    await expect(readTextFile(join(folder, name))).rejects.toThrow(message)
  })

  test('refuses a device and a socket', async () => {
    await expect(readTextFile('/dev/zero')).rejects.toThrow('it is a device, not a file')
    const path = join(folder, 'socket')
    const server = createServer().listen(path)
    await expect(readTextFile(path)).rejects.toThrow('it is a socket, not a file')
    server.close()
  })

  test('reads a pipe that the shell hands over, however long it takes', async () => {
    const module = new URL('../../../src/util/read-text-file.ts', import.meta.url).pathname
    const program = `import {readTextFile} from ${JSON.stringify(module)}
      process.stdout.write(await readTextFile(process.argv[1]))`
    const script = '"$0" --input-type=module -e "$1" <(echo a; sleep 0.1; echo b)'
    const child = spawn('bash', ['-c', script, process.execPath, program])
    const chunks: Buffer[] = []
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toBe('a\nb\n')
  })
})

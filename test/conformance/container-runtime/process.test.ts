import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll} from 'vitest'
import {parseImagesFile} from '../../../src/kubernetes/runtimes/process/images-file.ts'
import {ProcessRuntime} from '../../../src/kubernetes/runtimes/process/process-runtime.ts'
import {SystemClock} from '../../../src/util/clock.ts'
import {accessSuite} from './access-suite.ts'
import {containerRuntimeSuite, startRequest} from './suite.ts'

const SERVER = `
  const {createServer} = require('node:http')
  createServer((request, response) => response.end('Hello ' + process.env.TARGET + '!\\n'))
    .listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'))
`

const IMAGES = `
images:
  - {match: example.com/greeter, command: node, args: [server.cjs]}
  - {match: example.com/crasher, command: [node, crasher.cjs]}
  - {match: example.com/stubborn, command: [node, stubborn.cjs]}
  - {match: example.com/unstartable, command: ./no-such-program}
`

const directories: string[] = []
afterAll(() => Promise.all(directories.map((path) => rm(path, {recursive: true, force: true}))))

containerRuntimeSuite('process', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kntool-runtime-'))
  directories.push(directory)
  await writeFile(join(directory, 'server.cjs'), SERVER)
  await writeFile(join(directory, 'stubborn.cjs'), `process.on('SIGTERM', () => {});${SERVER}`)
  await writeFile(join(directory, 'crasher.cjs'), `console.error('boom'); process.exitCode = 3`)
  return {
    runtime: new ProcessRuntime({
      files: [parseImagesFile(join(directory, 'images.yaml'), IMAGES)],
      clock: new SystemClock(),
      recordDirectory: join(directory, 'processes'),
    }),
    images: {
      greeter: 'example.com/greeter:v1',
      crasher: 'example.com/crasher:v1',
      stubborn: 'example.com/stubborn:v1',
      unstartable: 'example.com/unstartable:v1',
    },
    hasOutput: true,
  }
})

accessSuite('process', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kntool-runtime-'))
  directories.push(directory)
  const images = `images: [{match: example.com/ticker, command: [node, -e, "setInterval(() => console.log('tick'), 50)"]}]`
  return {
    runtime: new ProcessRuntime({
      files: [parseImagesFile(join(directory, 'images.yaml'), images)],
      clock: new SystemClock(),
    }),
    request: startRequest('example.com/ticker').request,
    missing: /exec: "no-such-program": executable file not found in \$PATH/,
  }
})

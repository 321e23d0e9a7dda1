import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {goldenHttpDirectory, readExchanges} from '../../support/golden-http-recording.ts'
import {replay, type Replayed} from '../../support/golden-http.ts'
import {startRecordedCluster, type RecordedCluster} from './recorded-cluster.ts'
import {EXCEPTIONS} from './recorded-exceptions.ts'
import {needs, RECORDINGS} from '../../support/requirements.ts'

describe.each(['http-builtin', 'l-raw-http'])('the recorded exchanges %s', (name) => {
  const directory = goldenHttpDirectory(name)
  describe('against an embedded cluster', needs(RECORDINGS), () => {
    const exchanges = directory === undefined ? [] : readExchanges(directory)
    let running: RecordedCluster
    let results: Map<string, Replayed>
    beforeAll(async () => {
      running = await startRecordedCluster()
      const replayed = await replay(exchanges, running.target)
      results = new Map(replayed.map((result) => [result.file, result]))
    })
    afterAll(() => running.stop())

    const exceptions = EXCEPTIONS[name] ?? {}
    const equal = exchanges.filter(({file}) => !(file in exceptions))
    test.each(equal)('$file gets the same answer', ({file}) => {
      expect(results.get(file)?.differences).toEqual([])
    })

    test.each(Object.entries(exceptions))('%s differs: %s', (file) => {
      // An exception that is none any more must not stay on the list.
      expect(results.get(file)?.differences).not.toEqual([])
    })
  })
})

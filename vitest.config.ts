import {defineConfig} from 'vitest/config'
import {SkipReporter} from './test/support/skip-reporter.ts'
import {NEVER_MS} from './test/support/until.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', new SkipReporter()],
    // By default one core is left to a person who is not there, which on two cores is half.
    maxWorkers: '100%',
    // Longer than what a test waits for, so that it can say what that was.
    testTimeout: 2 * NEVER_MS,
    hookTimeout: 2 * NEVER_MS,
    expect: {poll: {timeout: NEVER_MS, interval: 10}},
    disableConsoleIntercept: true,
  },
})

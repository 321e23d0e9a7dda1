import type {Reporter, TestCase, TestModule, TestSuite} from 'vitest/node'

/**
 * Prints why tests were skipped, and how many for each reason, at the end of a run. A skip without a
 * reason fails the run, unless a person picked tests by name.
 */
export class SkipReporter implements Reporter {
  #isFiltered = false

  onInit({config}: Parameters<NonNullable<Reporter['onInit']>>[0]): void {
    this.#isFiltered = config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const reasons = modules
      .flatMap(skippedIn)
      .map(reasonOf)
      .filter((reason) => reason !== undefined || !this.#isFiltered)
      .map((reason) => reason ?? NO_REASON)
    if (reasons.length === 0) return
    const lines = [...Map.groupBy(reasons, (reason) => reason)]
      .toSorted(([, left], [, right]) => right.length - left.length)
      .map(([reason, {length}]) => `${String(length).padStart(6)}  ${reason}\n`)
    process.stdout.write(`\n Skipped tests, and blocks of them, by reason:\n${lines.join('')}\n`)
    if (reasons.includes(NO_REASON)) process.exitCode = 1
  }
}

const NO_REASON = 'NO REASON GIVEN (see test/support/requirements.ts)'

/** The tests that were skipped, and the blocks without tests because what makes those is missing. */
function skippedIn({children}: TestModule): (TestCase | TestSuite)[] {
  const blocks = [...children.allSuites()].filter(
    (suite) => suite.meta().skippedFor !== undefined && suite.children.allTests().next().done,
  )
  return [...children.allTests('skipped'), ...blocks]
}

/** The reason of a test or block itself, or of a block it is in; or what the test said while it ran. */
function reasonOf(skipped: TestCase | TestSuite): string | undefined {
  if (skipped.type === 'test') {
    const result = skipped.result()
    if (result.state === 'skipped' && result.note !== undefined) return result.note
  }
  let place: TestCase | TestSuite | TestModule = skipped
  while (place.type !== 'module') {
    const {skippedFor} = place.meta()
    if (skippedFor !== undefined) return skippedFor
    place = place.parent
  }
  return undefined
}

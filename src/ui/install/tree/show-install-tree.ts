import {render} from 'ink'
import {createElement} from 'react'
import type {PipelineEvent} from '../../../install/pipeline.ts'
import type {Step} from '../../../install/step.ts'
import type {Clock, Timer} from '../../../util/clock.ts'
import {FRAME_MS, InstallTree} from './install-tree.ts'
import {afterEvent, pendingSteps, type TreeStep} from './tree-model.ts'

const DEFAULT_ROWS = 24

/** A tree on a terminal. Whoever shows it closes it. */
export interface ShownTree {
  readonly begin: (steps: readonly Pick<Step, 'id' | 'title'>[]) => void
  readonly event: (event: PipelineEvent) => void
  /** Takes the picture off the screen, so that something else can be said there. */
  hide(): Promise<void>
  /** Draws it again, below what was said. */
  show(): void
  /** Leaves the last picture on the screen, and gives the cursor back. */
  close(): Promise<void>
}

/**
 * Shows the steps of a run on a terminal, drawn anew as they go on. Nothing is read from the
 * keyboard: Ctrl-C stays the signal that it is.
 */
export function showInstallTree({
  stream,
  clock,
}: {
  stream: NodeJS.WriteStream
  clock: Clock
}): ShownTree {
  let steps: TreeStep[] = []
  let timer: Timer | undefined
  let app: ReturnType<typeof render> | undefined
  const draw = (visible = steps): void => {
    // Some terminals do not say, or say 0.
    const rows = stream.rows || DEFAULT_ROWS
    const tree = createElement(InstallTree, {steps: visible, nowMs: clock.now(), rows})
    if (app !== undefined) app.rerender(tree)
    else {
      app = render(tree, {
        stdout: stream,
        stderr: stream,
        exitOnCtrlC: false,
        patchConsole: false,
        interactive: true,
      })
    }
  }
  const tick = (): void => {
    draw()
    timer = clock.after(FRAME_MS, tick)
  }
  const end = async (lastPicture: TreeStep[]): Promise<void> => {
    timer?.cancel()
    if (app === undefined) return
    draw(lastPicture)
    const ended = app
    app = undefined
    ended.unmount()
    await ended.waitUntilExit()
  }
  return {
    begin(all) {
      steps = pendingSteps(all)
      tick()
    },
    event(event) {
      steps = afterEvent(steps, event, clock.now())
    },
    hide: () => end([]),
    show() {
      if (steps.length > 0) tick()
    },
    close: () => end(steps),
  }
}

/** Lines of logs as text. */
import {styleText} from 'node:util'
import type {LogLine} from '../operations/logs/log-line.ts'
import {visibleLogLine} from '../util/visible-text.ts'

/** How lines of logs are shown. */
export interface LogTextOptions {
  readonly timestamps: boolean
  /** Begins each line with the pod it is from, and with the container of other than one. */
  readonly prefix: boolean
  readonly colour: boolean
  /** Shows control characters other than colours, which a terminal would obey. */
  readonly visible: boolean
}

const COLOURS = ['cyan', 'green', 'magenta', 'yellow', 'blue', 'cyanBright', 'greenBright'] as const

/** The container that runs the image of a Service, unless it has a name of its own. */
const USER_CONTAINER = 'user-container'

/**
 * A line of a log.
 *
 * @example
 *   [web-00001-deployment-7c9b9b-x2v7k] listening on 8080
 */
export function renderLogLine(
  line: LogLine,
  {timestamps, prefix, colour, visible}: LogTextOptions,
): string {
  const {pod, container, time, message} = line
  const source = container === USER_CONTAINER ? pod : `${pod} ${container}`
  const label = colour
    ? styleText(colourOf(pod), `[${source}]`, {validateStream: false})
    : `[${source}]`
  return `${prefix ? `${label} ` : ''}${timestamps && time !== '' ? `${time} ` : ''}${visible ? visibleLogLine(message) : message}\n`
}

/** A line of a log as a JSON document of one line. */
export function renderLogLineJson({time, revision, pod, container, message}: LogLine): string {
  return `${JSON.stringify({time, revision, pod, container, message})}\n`
}

/** Whether colours are wanted: on a terminal, unless `NO_COLOR` is set. */
export function wantsColour(
  stream: {isTTY?: boolean},
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

// The same pod has the same colour in every run.
function colourOf(pod: string): (typeof COLOURS)[number] {
  let hash = 0
  for (const char of pod) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521
  return COLOURS[hash % COLOURS.length] ?? 'cyan'
}

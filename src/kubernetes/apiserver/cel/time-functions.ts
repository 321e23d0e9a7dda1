import {CelDuration, CelTimestamp, type CelValue, noOverload, type CelFunction} from './values.ts'

function dateOf(value: CelValue | undefined): Date {
  if (!(value instanceof CelTimestamp)) throw noOverload()
  return new Date(value.ms)
}

/** A part of a point in time, in UTC. */
function part(read: (date: Date) => number): CelFunction {
  return (value) => BigInt(read(dateOf(value)))
}

/** A part of a point in time, or the whole of a span of it. */
function partOrWhole(read: (date: Date) => number, unitMs: number): CelFunction {
  return (value) =>
    value instanceof CelDuration
      ? BigInt(Math.trunc(value.ms / unitMs))
      : BigInt(read(dateOf(value)))
}

/** Functions of time. */
export const TIME_FUNCTIONS: Readonly<Record<string, CelFunction>> = {
  getFullYear: part((date) => date.getUTCFullYear()),
  getMonth: part((date) => date.getUTCMonth()),
  getDate: part((date) => date.getUTCDate()),
  getDayOfMonth: part((date) => date.getUTCDate() - 1),
  getDayOfWeek: part((date) => date.getUTCDay()),
  getHours: partOrWhole((date) => date.getUTCHours(), 3_600_000),
  getMinutes: partOrWhole((date) => date.getUTCMinutes(), 60_000),
  getSeconds: partOrWhole((date) => date.getUTCSeconds(), 1000),
  getMilliseconds: partOrWhole((date) => date.getUTCMilliseconds(), 1),
}

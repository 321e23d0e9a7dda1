/**
 * The longest stall of the event loop of a cluster under inputs made to stall it, in CPU time.
 *
 * `STALLS=text` sends only the inputs whose names contain the text, and prints each of them.
 */
import {report} from './figure.ts'
import {CEL_INPUTS} from './stalls/cel-inputs.ts'
import {BODY_INPUTS, type StallInput} from './stalls/inputs.ts'
import {MeasuredServer} from './stalls/measured-server.ts'
import {PATCH_INPUTS} from './stalls/patch-inputs.ts'
import {REQUEST_INPUTS} from './stalls/request-inputs.ts'

const BUDGET = '≤ 100 ms'
const wanted = process.env['STALLS'] ?? ''
const inputs = [...BODY_INPUTS, ...PATCH_INPUTS, ...CEL_INPUTS, ...REQUEST_INPUTS].filter(
  ({name}) => name.includes(wanted),
)
const server = await MeasuredServer.start()
// The first of each kind compiles what the others run.
for (const input of inputs.slice(0, 3)) await measure(input)
const measured: {readonly name: string; readonly value: number}[] = []
for (const input of inputs) measured.push(await measure(input))
await server.stop()
for (const {name, value} of measured) {
  if (wanted !== '' || value > 50) report({name, value, unit: 'ms', budget: BUDGET})
}
const value = Math.max(...measured.map((each) => each.value))
report({name: `longest of ${measured.length} inputs`, value, unit: 'ms', budget: BUDGET})

async function measure({
  name,
  setup = [],
  request,
}: StallInput): Promise<{name: string; value: number}> {
  for (const before of setup) await server.send(before)
  await server.longestStallMs()
  const {status, text} = await server.send(request)
  // What follows from a write follows at once.
  await new Promise((resolve) => setTimeout(resolve, 50))
  const value = await server.longestStallMs()
  if (wanted !== '')
    process.stderr.write(
      `${value.toFixed(0).padStart(6)} ms  ${status}  ${name}  ${text.slice(0, 160)}\n`,
    )
  return {name: `${name}: ${status}`, value}
}

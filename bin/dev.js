#!/usr/bin/env node
// Runs the command line from its TypeScript sources; needs a Node that strips types (22.19, 24).
const root = process.getBuiltinModule('url').fileURLToPath(new URL('..', import.meta.url))
const {main} = await import('../src/cli/main.ts')
await main(process.argv.slice(2), {root})

/** `--target`: Services in files instead of a cluster. */
import * as Flags from '@oclif/core/flags'
import type {Connection} from '../../operations/connection.ts'

/** `--target` of the commands that can do without a cluster. */
export const targetFlags = {
  target: Flags.string({
    summary:
      'Work on files instead of a cluster: a folder, or a file ending in .yaml, .yml or .json',
    helpValue: 'PATH',
  }),
}

/** A connection to Services in files. */
export async function connectToTarget(
  target: string,
  flags: {readonly kubeconfig?: string | undefined; readonly context?: string | undefined},
): Promise<Connection> {
  // Imported on use: few commands work on files.
  const [{connectToFiles}, {printObject}] = await Promise.all([
    import('../../operations/gitops/connect-to-files.ts'),
    import('../../ui/print-object.ts'),
  ])
  return connectToFiles({
    target,
    kubeconfig: flags.kubeconfig,
    context: flags.context,
    env: process.env,
    print: (service, format) => printObject(service, format),
  })
}

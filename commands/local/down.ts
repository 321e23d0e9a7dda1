import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags} from '../../src/cli/flags/common-flags.ts'
import {localFlags} from '../../src/cli/flags/local-flags.ts'
import {stopLocalCluster} from '../../src/operations/local/stop-local-cluster.ts'
import {SystemClock} from '../../src/util/clock.ts'

const STOP_MS = 30_000

export default class LocalDown extends BaseCommand {
  static override summary = 'Stop the embedded cluster; what it keeps stays'
  static override examples = [
    '# Stop the cluster that runs in the background\n<%= config.bin %> local down',
  ]
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    ...localFlags,
    force: Flags.boolean({summary: 'End the process if it does not stop by itself'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(LocalDown)
    const stopped = await stopLocalCluster({
      name: flags.name,
      dataDir: flags['data-dir'],
      env: process.env,
      force: flags.force,
      clock: new SystemClock(),
      timeoutMs: STOP_MS,
    })
    this.print(stopped ? 'The local cluster is stopped.\n' : 'No local cluster is running.\n')
  }
}

import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags} from '../../src/cli/flags/common-flags.ts'
import {listenFlags, localFlags} from '../../src/cli/flags/local-flags.ts'
import {reportToParent, upCommand} from '../../src/cli/detached-child.ts'
import {explainError} from '../../src/operations/explain-error.ts'
import {runLocalCluster} from '../../src/operations/local/run-local-cluster.ts'
import {startDetached} from '../../src/operations/local/start-detached.ts'
import {SystemClock} from '../../src/util/clock.ts'
import {renderWelcome} from '../../src/ui/local-text.ts'

export default class LocalUp extends BaseCommand {
  static override summary = 'Start the embedded cluster'
  static override description =
    'A Kubernetes API, Knative and its data plane in one process, on loopback addresses only. ' +
    'Runs until it is interrupted, or in the background with --detach.'
  static override examples = [
    '# Start in the background and use it\n<%= config.bin %> local up --detach\n<%= config.bin %> service create hello --image ghcr.io/knative/helloworld-go',
    '# With a domain of its own and images mapped to commands\n<%= config.bin %> local up --domain knative.example.com --images images.yaml',
    '# A second cluster on free ports that keeps nothing\n<%= config.bin %> local up --name scratch --gateway-port 0 --ephemeral',
  ]
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    ...localFlags,
    detach: Flags.boolean({char: 'd', summary: 'Run in the background; return when it is ready'}),
    ...listenFlags,
    domain: Flags.string({
      summary: 'Domain of the services (default: localhost)',
      helpValue: 'DOMAIN',
    }),
    images: Flags.string({summary: 'File that maps images to commands', helpValue: 'FILE'}),
    runtime: Flags.option({
      summary: 'What runs the containers of pods',
      options: ['auto', 'process', 'container'] as const,
    })(),
    ephemeral: Flags.boolean({summary: 'Keep nothing after the end'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(LocalUp)
    const choice = {name: flags.name, dataDir: flags['data-dir'], env: process.env}
    if (flags.detach) {
      const record = await startDetached({
        ...choice,
        command: upCommand(this.argv),
        clock: new SystemClock(),
        timeoutMs: 60_000,
      })
      return this.print(renderWelcome(record, {detached: true}))
    }
    await runLocalCluster({
      ...choice,
      apiPort: flags['api-port'] ?? 0,
      gatewayPort: flags['gateway-port'] ?? 8080,
      gatewayHttpsPort: flags['gateway-https-port'],
      domain: flags.domain,
      imagesFile: flags.images,
      runtime: flags.runtime,
      ephemeral: flags.ephemeral,
      signal: this.signal,
      onReady: (record) => {
        if (reportToParent({kind: 'ready', record})) return
        this.print(renderWelcome(record, {detached: false}))
      },
    })
  }

  protected override async catch(error: Error): Promise<void> {
    const {code, message, hints, details} = explainError(error)
    reportToParent({kind: 'failed', code, message, hints, details})
    await super.catch(error)
  }
}

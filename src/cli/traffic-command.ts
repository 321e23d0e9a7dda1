import type {Connection} from '../operations/connection.ts'
import type {ServiceOutcome, ServiceWriteOptions} from '../operations/service/service-outcome.ts'
import type {PrintFlagValues} from '../ui/output-printer.ts'
import {renderTraffic} from '../ui/traffic-text.ts'
import {BaseCommand, type ClusterFlagValues} from './base-command.ts'
import {namespaceFlags, outputFlags, waitFlags} from './flags/common-flags.ts'
import {previewFlags} from './flags/preview-flags.ts'
import type {WaitFlagValues} from './wait-limits.ts'
import {serviceWriteOptions} from './write-output.ts'

/** The flags of every command that changes traffic. */
export const trafficFlags = {
  ...previewFlags,
  ...namespaceFlags,
  ...waitFlags('the service is ready', true),
  ...outputFlags,
}

/** What commands that change the traffic of a Service share: they wait, and show what became of it. */
export abstract class TrafficCommand extends BaseCommand {
  /** Runs an operation that changes traffic; prints the outcome and, as text, the new traffic. */
  protected async change(
    flags: ClusterFlagValues & WaitFlagValues & PrintFlagValues,
    operation: (
      connection: Connection & {namespace: string},
      options: ServiceWriteOptions,
    ) => Promise<ServiceOutcome>,
  ): Promise<void> {
    const output = await serviceWriteOptions(flags, this.signal)
    const connection = await this.connect(flags, 'write')
    const outcome = await operation(connection, output.options)
    this.print(output.render(outcome))
    if (flags.output === undefined) this.print(renderTraffic(outcome.service))
  }
}

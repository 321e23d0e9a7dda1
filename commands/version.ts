import * as Flags from '@oclif/core/flags'
import {apiVersionOf} from '../src/api/meta/resource-type.ts'
import {SERVICES} from '../src/api/serving/v1.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {machineOutputFlags} from '../src/cli/flags/common-flags.ts'
import {KntoolError} from '../src/errors/kntool-error.ts'
import {DEFAULT_KNATIVE_VERSION} from '../src/install/versions.ts'
import {explainError} from '../src/operations/explain-error.ts'
import {type ServerVersion, serverVersion} from '../src/operations/server-version.ts'
import {printDocument} from '../src/ui/print-object.ts'
import {renderVersion, versionDocument} from '../src/ui/version-text.ts'

/** Versions are looked at where something is wrong: nobody should have to wait for them. */
const PATIENCE_MS = 3_000

export default class Version extends BaseCommand {
  static override summary = 'Show the version of this program, and of the cluster'
  static override description =
    'A cluster that does not answer within three seconds is left out, and said so on standard error.'
  static override examples = [
    '# Show the version of this program and what the cluster runs\n<%= config.bin %> version',
    '# Without asking a cluster, as JSON\n<%= config.bin %> version --client -o json',
  ]
  static override flags = {
    client: Flags.boolean({summary: 'Only of this program: no cluster is asked'}),
    ...machineOutputFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Version)
    const {version} = this.config
    // The build puts its own values in the place of these.
    const buildDate = process.env.KNTOOL_BUILD_DATE ?? ''
    const gitRevision = process.env.KNTOOL_GIT_REVISION ?? ''
    const apis = [`${apiVersionOf(SERVICES)} (knative-serving v${DEFAULT_KNATIVE_VERSION})`]
    const client = {version, buildDate, gitRevision, apis, node: process.version}
    const server = flags.client ? undefined : await this.#askServer(flags)
    this.print(
      flags.output === undefined
        ? renderVersion(client, server)
        : printDocument(versionDocument(client, server), flags.output),
    )
  }

  async #askServer(
    flags: Parameters<BaseCommand['connect']>[0],
  ): Promise<ServerVersion | undefined> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => late.reject(new KntoolError('KN_TIMEOUT', 'no answer within three seconds')),
      PATIENCE_MS,
    )
    try {
      const asked = this.connect(flags, 'look').then(({client}) => serverVersion(client))
      return await Promise.race([asked, late.promise])
    } catch (error) {
      this.note(`The versions of the server are not known: ${explainError(error).message}`)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }
}

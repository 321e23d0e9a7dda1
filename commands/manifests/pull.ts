import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {commonFlags, machineOutputFlags} from '../../src/cli/flags/common-flags.ts'
import {readVersions} from '../../src/cli/install/install-request.ts'
import {pullManifests} from '../../src/operations/install/pull-manifests.ts'
import {machineText} from '../../src/ui/machine-text.ts'
import {renderPulled} from '../../src/ui/install/manifests-text.ts'
import {SystemClock} from '../../src/util/clock.ts'

export default class ManifestsPull extends BaseCommand {
  static override summary = 'Fetch release files, for a machine without the internet'
  static override description =
    'Brings the official files of each version into a folder of its own, with a lock file of their ' +
    'sha256 sums. What is there already is compared with the lock file, not fetched again. Proxies ' +
    'are those of HTTPS_PROXY and NO_PROXY.'
  static override examples = [
    '# The release that install brings\n<%= config.bin %> manifests pull --dir ./manifests\n<%= config.bin %> install --domain knative.example.com --manifests ./manifests',
    '# All releases of an upgrade\n<%= config.bin %> manifests pull --dir ./manifests --knative-version 1.14.0 --knative-version 1.15.0\n<%= config.bin %> upgrade --to 1.15.0 --manifests ./manifests',
  ]
  static override baseFlags = commonFlags as typeof BaseCommand.baseFlags
  static override flags = {
    'knative-version': Flags.string({
      summary: 'Version of Knative Serving; may be given several times (default: 1.13.1)',
      helpValue: 'VERSION',
      multiple: true,
      multipleNonGreedy: true,
    }),
    dir: Flags.string({
      summary: 'Folder that gets a folder for each version (default: the current one)',
      helpValue: 'DIR',
    }),
    from: Flags.string({
      summary: 'Address of a folder that mirrors the files of one version',
      helpValue: 'URL',
    }),
    ...machineOutputFlags,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(ManifestsPull)
    const {output, dir = '.', from} = flags
    const versions = readVersions(flags['knative-version'], from, {
      command: 'kntool manifests pull',
      signal: this.signal,
    })
    const releases = await pullManifests({
      versions,
      dir,
      from,
      clock: new SystemClock(),
      signal: this.signal,
      onProgress: (message) => this.note(message),
    })
    this.print(output === undefined ? renderPulled(releases) : await machineText(releases, output))
    this.note(`Install with them: kntool install --domain DOMAIN --manifests ${dir}`)
  }
}

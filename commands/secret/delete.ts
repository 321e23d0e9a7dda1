import {SECRETS} from '../../src/api/core/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags} from '../../src/cli/flags/common-flags.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'

export default class SecretDelete extends BaseCommand {
  static override summary = 'Delete a secret'
  static override examples = ['# Delete a secret\n<%= config.bin %> secret delete db']
  static override args = {name: requiredName('secret')}
  static override flags = {...previewFlags, ...namespaceFlags}
  static override argumentsNeeded =
    "'kntool secret delete' requires the Secret name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SecretDelete)
    const {name} = args
    const {client, namespace} = await this.connect(flags, 'write')
    await client.delete(SECRETS, {namespace, name})
    // kn says nothing, so that standard output stays empty here as well.
    this.note(`Secret '${name}' deleted in namespace '${namespace}'.`)
  }
}

import {DOMAIN_MAPPINGS} from '../../src/api/serving/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags} from '../../src/cli/flags/common-flags.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'

export default class DomainDelete extends BaseCommand {
  static override summary = 'Delete a domain mapping'
  static override examples = [
    '# A host name that leads nowhere any more\n<%= config.bin %> domain delete web.example.com',
  ]
  static override args = {name: requiredName('domain mapping, which is the host name')}
  static override flags = {...previewFlags, ...namespaceFlags}
  static override argumentsNeeded =
    "'kntool domain delete' requires the domain name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DomainDelete)
    const {name} = args
    const {client, namespace} = await this.connect(flags, 'write')
    await client.delete(DOMAIN_MAPPINGS, {namespace, name})
    this.print(`Domain mapping '${name}' deleted in namespace '${namespace}'.\n`)
  }
}
